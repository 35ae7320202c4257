import type { ZodType } from 'zod';
import type { Accounts } from '../accounts/accounts.ts';
import type { AttributeDeclarations } from '../accounts/attributes.ts';
import type { ForeignIdentity } from '../accounts/foreign-identity.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { AssuranceLevel } from '../core/principal.ts';
import type { UserRow } from '../store/contract/users.ts';

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
  /** Logs people in by sending their browser to somebody who knows them, and having it come back. */
  readonly redirect?: RedirectCapability;
  /** What `portcullis doctor` asks: it tries what the authenticator depends on, within 5 seconds, and never rejects. */
  readonly diagnose?: () => Promise<readonly Diagnosis[]>;
}

export type Identification =
  | { readonly kind: 'account'; readonly user: UserRow }
  /** Somebody whom another issuer vouches for: the door finds, makes or links their account. Redirecting authenticators only. */
  | {
      readonly kind: 'identity';
      readonly identity: ForeignIdentity;
      /** When they last proved it there, milliseconds since the Unix epoch; `null` where nobody says: such a login is never fresh. */
      readonly authTime: number | null;
      /** Kept with the session, at most 4,000 characters: what the issuer wants to see at logout (OIDC: the ID token). */
      readonly logoutHint: string | null;
    }
  /** Nobody here: the chain goes on. */
  | { readonly kind: 'none'; readonly reason: string }
  /** A hard no: the chain ends. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface FormCapability {
  /** In order of display. A chain of authenticators with equal fields shares one form. */
  readonly fields: readonly FormField[];
}

/**
 * The strategy is called twice. First with an empty query: it must `redirect`, and what it writes to `request.session` is
 * kept for the browser, encrypted, for ten minutes. Then with the query of the callback and that same session: it must
 * `success`. Each kept session is good for one callback.
 */
export interface RedirectCapability {
  /** What its button says after "Log in with": `Acme`. */
  readonly label: string;
  /** Whether a first login makes an account. */
  readonly provision: boolean;
  /** Where a browser goes to be logged out there too; `null` where there is no such place. Never rejects. */
  readonly logoutUrl?: (logout: {
    readonly hint: string | null;
    readonly returnTo: URL;
  }) => Promise<URL | null>;
}

/** One thing that was tried, and what to do where it failed. */
export interface Diagnosis {
  readonly ok: boolean;
  /** What was tried and what came of it, in one sentence. */
  readonly message: string;
  /** What to do; `null` where all is well. */
  readonly remedy: string | null;
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
  /** Where a browser comes back to: absolute, of the public URL, `/login/<name>/callback`. */
  readonly callbackUrl: URL;
  /** The attributes that accounts may have, with their kinds. */
  readonly attributes: AttributeDeclarations;
  readonly clock: Clock;
  readonly log: Log;
}
