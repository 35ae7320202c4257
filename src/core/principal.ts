import type { Username } from './names.ts';

/** Authenticator assurance level, NIST SP 800-63B: 0 is nobody, 1 one factor, 2 two factors, 3 hardware-bound. */
export type AssuranceLevel = 0 | 1 | 2 | 3;

/** How and when a principal was proved. */
export interface AuthenticationContext {
  /** The name of the authenticator that made the session. */
  readonly authenticator: string;
  /** Methods used, RFC 8176 (`pwd`, `otp`, `hwk` …). */
  readonly amr: readonly string[];
  readonly aal: AssuranceLevel;
  /** When last proved, milliseconds since the Unix epoch. */
  readonly authTime: number;
}

export type AttributeValue = string | number | boolean | readonly string[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Nobody in particular: a principal that policies can name. */
export interface AnonymousPrincipal {
  readonly kind: 'anonymous';
  readonly subject: 'anonymous';
}

export interface UserPrincipal {
  readonly kind: 'user';
  readonly subject: `user:${Username}`;
  readonly id: string;
  readonly username: Username;
  /** Direct memberships that the database holds, as `group:<name>`. Files may add more; the snapshot joins them. */
  readonly groups: readonly `group:${string}`[];
  readonly attributes: Attributes;
  readonly authentication: AuthenticationContext;
}

/** Who a request acts as. */
export type Principal = AnonymousPrincipal | UserPrincipal;

export const anonymous: AnonymousPrincipal = Object.freeze({ kind: 'anonymous', subject: 'anonymous' });
