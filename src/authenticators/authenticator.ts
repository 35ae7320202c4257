import type { ZodType } from 'zod';
import type { Accounts } from '../accounts/accounts.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { AssuranceLevel } from '../core/principal.ts';
import type { UserRow } from '../store/store.ts';

/**
 * Something that proves who somebody is: a Passport strategy and what its success means here. Four members are
 * required; every other one is a capability that an authenticator may have.
 */
export interface Authenticator {
  /** Lower-case letters, digits and `-`: names it in sessions and to policies (`r.ctx.principal.authentication.authenticator`). */
  readonly name: string;
  /** The strategy. It is called through the seam, on a copy of its own for each attempt. */
  readonly strategy: PassportStrategy;
  /** What a success proves (RFC 8176; NIST SP 800-63B). */
  readonly proves: { readonly amr: readonly string[]; readonly aal: AssuranceLevel };
  /** Whose account the strategy's `user` is. It is never called with what a strategy did not call a success. */
  identify(user: unknown): Promise<Identification>;
  /** Logs people in with what they type into a form of ours. */
  readonly form?: FormCapability;
}

export type Identification =
  | { readonly kind: 'account'; readonly user: UserRow }
  /** Nobody here: the chain goes on. */
  | { readonly kind: 'none'; readonly reason: string }
  /** A hard no: the chain ends. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface FormCapability {
  /** In order of display. A chain of authenticators with equal fields shares one form. */
  readonly fields: readonly FormField[];
}

export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'password';
  /** The HTML autocomplete token, so that password managers work. */
  readonly autocomplete: string;
  /** Longest accepted value, in code points. */
  readonly maxLength: number;
}

/** What the seam needs of a strategy. Every strategy that is made for Passport is one. */
export interface PassportStrategy {
  authenticate(request: never, options?: never): unknown;
}

/** How an authenticator is plugged in: a built-in folder, or an npm package with this as its default export. */
export interface AuthenticatorDefinition<Options = unknown> {
  /** The name it has unless the configuration gives another. */
  readonly name: string;
  readonly options: ZodType<Options>;
  create(options: Options, needs: AuthenticatorNeeds): Authenticator;
}

export interface AuthenticatorNeeds {
  readonly name: string;
  readonly accounts: Pick<Accounts, 'verifyPassword' | 'findByUsername'>;
  readonly clock: Clock;
  readonly log: Log;
}
