import { createHash } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import type { IDToken } from 'openid-client';
import { LoginUnproved } from './faults.ts';
import { skewSeconds } from './limits.ts';
import type { Transaction } from './transaction.ts';

/** An ID token of which the library has verified signature, issuer, audience, nonce, `exp` and `nbf`. */
export interface Received {
  readonly claims: IDToken;
  readonly idToken: string;
  readonly accessToken: string;
  readonly clientId: string;
  readonly transaction: Transaction;
  /** Seconds since the Unix epoch. */
  readonly now: number;
}

interface Check {
  readonly name: string;
  /** What the library leaves open, and what would follow. */
  readonly reason: string;
  readonly holds: (received: Received) => boolean;
}

/** What the library does not ask of an ID token of the code flow (OpenID Connect Core 1.0, section 3.1.3.7). */
export const idTokenChecks: readonly Check[] = [
  {
    name: 'sub is 1 to 255 characters',
    reason: 'Section 2. It is half of the key of an account: two that the database reads alike would be one.',
    holds: ({ claims: { sub } }) => sub.length <= 255 && /^[^\p{Cc}\p{Surrogate}]+$/u.test(sub),
  },
  {
    name: 'azp is this client',
    reason: 'Step 5. The library looks at it only where there are several audiences.',
    holds: ({ claims: { azp }, clientId }) => azp === undefined || azp === clientId,
  },
  {
    name: 'exp and iat are moments',
    reason: 'JSON has 1e999, which is infinity: a token that never expires.',
    holds: ({ claims: { exp, iat } }) => Number.isFinite(exp) && Number.isFinite(iat),
  },
  {
    name: 'iat is neither to come nor before the login began',
    reason: 'Step 10. A token from before was not made for this login.',
    holds: ({ claims: { iat }, transaction, now }) =>
      iat <= now + skewSeconds && iat >= Math.floor(transaction.startedAt / 1_000) - skewSeconds,
  },
  {
    name: 'auth_time is not to come',
    reason: 'Section 2. A proof from tomorrow would be fresh for ever.',
    holds: ({ claims: { auth_time: at }, now }) =>
      at === undefined || (Number.isFinite(at) && at >= 0 && at <= now + skewSeconds),
  },
  {
    name: 'who had to prove it again did so',
    reason: 'Step 13. Otherwise a browser that somebody left would prove it for them.',
    holds: ({ claims: { auth_time: at }, transaction }) =>
      !transaction.reauthenticate ||
      at === undefined ||
      at >= Math.floor(transaction.startedAt / 1_000) - skewSeconds,
  },
  {
    name: 'at_hash is the hash of the access token',
    reason: 'Section 3.1.3.8. An access token of somebody else would bring their claims along.',
    holds: ({ claims: { at_hash: hash }, idToken, accessToken }) =>
      hash === undefined || hash === hashOf(accessToken, decodeProtectedHeader(idToken).alg ?? ''),
  },
];

/** @throws LoginUnproved with the name of the first check that does not hold. */
export function checkIdToken(received: Received): void {
  const failed = idTokenChecks.find(({ holds }) => !holds(received));
  if (failed !== undefined) throw new LoginUnproved(`of the ID token it does not hold that ${failed.name}`);
}

/** Section 3.1.3.6: the left half of the hash that the signature's algorithm uses; of Ed25519, SHA-512 (RFC 8032). */
function hashOf(accessToken: string, algorithm: string): string {
  const bits = /\d{3}$/.exec(algorithm)?.[0] ?? '512';
  const hash = createHash(`sha${bits}`).update(accessToken, 'ascii').digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}
