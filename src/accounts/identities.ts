import type { Origin } from '../core/origin.ts';
import type { UserRow } from '../store/contract/users.ts';
import type { Actor } from './actor.ts';
import type { ForeignIdentity } from './foreign-identity.ts';

/** Accounts of people whom somebody else vouches for. */
export interface Identities {
  /**
   * The account of an identity, brought up to date with what its claims say; a new account where there is none and
   * `provision` says so. Rejects with LOGIN_REFUSED and a sentence that says what to do: nobody's identity, a username
   * that is taken or that a policy names, or that no account can have. Nothing is written then.
   */
  logIn(
    identity: ForeignIdentity,
    how: { readonly authenticator: string; readonly provision: boolean; readonly origin: Origin },
  ): Promise<UserRow>;
  /**
   * Links an identity to the account of somebody who is logged in to both. Rejects with CONFLICT where it is another
   * account's; linking it again to the same one changes nothing.
   */
  link(
    identity: ForeignIdentity,
    how: { readonly authenticator: string; readonly userId: string; readonly origin: Origin },
  ): Promise<UserRow>;
  /** Rejects with NOT_FOUND, or CONFLICT where the account could not log in any more. */
  unlink(identityId: string, by: Actor): Promise<void>;
}
