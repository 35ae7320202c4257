import type { Principal } from './principal.ts';

/** Where something that is done comes from: what a record of it says besides what was done. */
export interface Origin {
  /** Whoever does it, as policies and records name them: `user:ann`, `anonymous`, `operator`, `authenticator:acme`. */
  readonly subject: string;
  /** The account that does it; `null` where none does. */
  readonly userId: string | null;
  /** The authenticator that proved them. */
  readonly authenticator: string | null;
  /** Public id of the session. */
  readonly sessionId: string | null;
  readonly requestId: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  /** The version of the policy that decided the request. */
  readonly policyVersion: string | null;
}

/** The origin of what no request asked for: `operator`, `setup`. */
export const originWithoutRequest = (subject: string): Origin => ({
  subject,
  userId: null,
  authenticator: null,
  sessionId: null,
  requestId: null,
  address: null,
  userAgent: null,
  policyVersion: null,
});

/** The same request, done by somebody else: who it acts as changes with a login. */
export const originAs = (origin: Origin, principal: Principal): Origin =>
  principal.kind === 'user'
    ? {
        ...origin,
        subject: principal.subject,
        userId: principal.id,
        authenticator: principal.authentication.authenticator,
      }
    : { ...origin, subject: principal.subject, userId: null, authenticator: null, sessionId: null };
