import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { LoginUnproved } from './faults.ts';
import { longestLogin, skewSeconds } from './limits.ts';

const token = z.string().min(20).max(200);

const transactionSchema = z.strictObject({
  /** Whom the browser was sent to: an answer of another issuer is not taken (RFC 9700, section 2.1). */
  issuer: z.string(),
  state: token,
  nonce: token,
  /** PKCE, RFC 7636: whoever steals the code has not got this. */
  verifier: token,
  /** Milliseconds since the Unix epoch. */
  startedAt: z.number(),
  reauthenticate: z.boolean(),
});

/** What must survive from the start of a login to its callback: in that browser alone, for that login alone. */
export type Transaction = Readonly<z.output<typeof transactionSchema>>;

export const startTransaction = (issuer: string, reauthenticate: boolean, clock: Clock): Transaction => ({
  issuer,
  state: randomState(),
  nonce: randomNonce(),
  verifier: randomPKCECodeVerifier(),
  startedAt: clock.now(),
  reauthenticate,
});

/** As it lies in the session that a strategy may write. */
export const asKept = (transaction: Transaction): { readonly oidc: Transaction } => ({ oidc: transaction });

/** Whether there is one, whatever it looks like. */
export const isKept = (session: unknown): boolean =>
  typeof session === 'object' && session !== null && Object.hasOwn(session, 'oidc');

/** @throws LoginUnproved where there is none, or it is of another issuer, older than ten minutes or of the future. */
export function parseTransaction(session: unknown, issuer: string, clock: Clock): Transaction {
  const parsed = z.object({ oidc: transactionSchema }).safeParse(session);
  if (!parsed.success) throw new LoginUnproved('no transaction of this browser');
  const transaction = parsed.data.oidc;
  if (transaction.issuer !== issuer) throw new LoginUnproved('the transaction is of another issuer');
  // It may have begun on another node, whose clock is a little ahead.
  const age = clock.now() - transaction.startedAt;
  if (!(age >= -skewSeconds * 1_000 && age <= longestLogin)) {
    throw new LoginUnproved('the transaction is too old, or of the future');
  }
  return transaction;
}
