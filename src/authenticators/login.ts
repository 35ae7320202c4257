import type { PortcullisError } from '../core/errors.ts';
import type { Origin } from '../core/origin.ts';
import type { AuthenticationContext } from '../core/principal.ts';
import type { UserRow } from '../store/contract/users.ts';
import type { FormField } from './authenticator.ts';

/** One try to log in with what somebody typed. */
export interface LoginAttempt {
  /** The authenticator asked for by name; `null` tries every one that has a form, in configured order. */
  readonly authenticator: string | null;
  /** The form's values by field name, from a request body and nowhere else: untrusted, of any shape. */
  readonly credentials: unknown;
  /** The client's address as the trusted proxies tell it. */
  readonly client: LoginClient;
}

/** Where a request comes from, and how its session begins. */
export interface LoginClient {
  /** Who asks, as far as it is known before: `anonymous`, or whoever is logged in still. */
  readonly origin: Origin;
  /**
   * Begins the session. It is called once, at the end, for an account that is allowed in. The hint is kept with the
   * session for the issuer's logout. Answers the new session's public id.
   */
  begin(
    user: UserRow,
    authentication: AuthenticationContext,
    kept: { readonly logoutHint: string | null },
  ): Promise<{ readonly publicId: string }>;
}

/** Somebody presses the button of a redirecting authenticator. */
export interface RedirectStart {
  readonly authenticator: string;
  readonly origin: Origin;
  /** Whether they must prove it again there, although they may be logged in there still. */
  readonly reauthenticate: boolean;
}

/** Where the browser goes; what the strategy wants to see again, and the `state` by which the callback is known. */
export type RedirectResult =
  | {
      readonly kind: 'redirect';
      readonly url: URL;
      /** The `state` of the URL; `null` where the protocol has none. */
      readonly state: string | null;
      /** JSON, at most 2,000 bytes as text. */
      readonly kept: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'refused'; readonly error: PortcullisError };

/** A browser comes back. */
export interface RedirectCallback {
  readonly authenticator: string;
  /** The path and query as they came, and the query's members, each a single string. */
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  /** `null` where this browser has none of that `state`, or has it for longer than ten minutes. */
  readonly transaction: RedirectTransaction | null;
  readonly client: LoginClient;
}

/** What this browser's own cookie kept of the start. */
export interface RedirectTransaction {
  /** Names it: used up before anything else is looked at. */
  readonly id: Buffer;
  readonly kept: Readonly<Record<string, unknown>>;
  /** The account, logged in at the start, that the identity is to be linked to; `null` for a login. */
  readonly linkTo: string | null;
}

/** Milliseconds from a start to its callback, at most (RFC 9700, section 4.7.1; OWASP ASVS 5.0, 10.1.2). */
export const transactionLifetime = 600_000;

/**
 * How it ended. A refusal's error is NOT_FOUND (no such authenticator), BAD_USER_INPUT (credentials of the wrong shape),
 * THROTTLED, BUSY, UNAVAILABLE, INTERNAL, or BAD_CREDENTIALS: the same bytes whatever of them was wrong.
 */
export type LoginResult =
  | { readonly kind: 'logged-in'; readonly user: UserRow; readonly authentication: AuthenticationContext }
  | { readonly kind: 'refused'; readonly error: PortcullisError };

export type RedirectedResult = LoginResult | { readonly kind: 'linked'; readonly user: UserRow };

/** The one way in. */
export interface Door {
  /** The fields of the form that all form authenticators share, in order of display. */
  readonly fields: readonly FormField[];
  /** Never rejects. Every outcome leaves one log record. */
  logIn(attempt: LoginAttempt): Promise<LoginResult>;
  /** Authenticators that log in by redirecting, in configured order: a button each. */
  readonly redirects: readonly { readonly name: string; readonly label: string }[];
  /** Never rejects. A refusal is NOT_FOUND (no such authenticator) or UNAVAILABLE (the provider does not answer). */
  start(start: RedirectStart): Promise<RedirectResult>;
  /**
   * Never rejects. Every outcome leaves one record. A refusal is LOGIN_REFUSED, CONFLICT (linked to another account),
   * UNAVAILABLE or INTERNAL.
   */
  finish(callback: RedirectCallback): Promise<RedirectedResult>;
  /** Where a browser goes after a logout here, to be logged out there too; `null` for nowhere. Never rejects. */
  logoutUrl(
    authenticator: string,
    logout: { readonly hint: string | null; readonly returnTo: URL },
  ): Promise<URL | null>;
}
