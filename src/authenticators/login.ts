import type { PortcullisError } from '../core/errors.ts';
import type { AuthenticationContext } from '../core/principal.ts';
import type { UserRow } from '../store/store.ts';
import type { FormField } from './authenticator.ts';

/** One try to log in with what somebody typed. */
export interface LoginAttempt {
  /** The authenticator asked for by name; `null` tries every one that has a form, in configured order. */
  readonly authenticator: string | null;
  /** The form's values by field name, from a request body and nowhere else: untrusted, of any shape. */
  readonly credentials: unknown;
  /** The client's address as the trusted proxies tell it. */
  readonly address: string | null;
  readonly userAgent: string | null;
  /** Begins the session. It is called once, at the end, for an account that is allowed in. */
  begin(user: UserRow, authentication: AuthenticationContext): Promise<unknown>;
}

/**
 * How it ended. A refusal's error is NOT_FOUND (no such authenticator), BAD_USER_INPUT (credentials of the wrong shape),
 * THROTTLED, BUSY, UNAVAILABLE, INTERNAL, or BAD_CREDENTIALS: the same bytes whatever of them was wrong.
 */
export type LoginResult =
  | { readonly kind: 'logged-in'; readonly user: UserRow; readonly authentication: AuthenticationContext }
  | { readonly kind: 'refused'; readonly error: PortcullisError };

/** The one way in. */
export interface Door {
  /** The fields of the form that all form authenticators share, in order of display. */
  readonly fields: readonly FormField[];
  /** Never rejects. Every outcome leaves one log record. */
  logIn(attempt: LoginAttempt): Promise<LoginResult>;
}
