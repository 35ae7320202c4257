import { z } from 'zod';
import { type RedirectTransaction, transactionLifetime } from '../authenticators/login.ts';
import { PortcullisError } from '../core/errors.ts';
import { newToken } from '../core/ids.ts';
import { digestOf } from '../core/secret.ts';
import { createSealedCookies, type SealedCookiesNeeds } from '../sessions/sealed-cookies.ts';
import type { HttpContext } from './state.ts';

/** A redirected login from its start to its callback, as the browser that began it keeps it: nobody else can. */
export interface Transaction {
  readonly authenticator: string;
  /** The `state` by which its callback is known; `null` where the protocol has none. */
  readonly state: string | null;
  readonly kept: Readonly<Record<string, unknown>>;
  /** Where to go afterwards, checked. */
  readonly next: string;
  /** The account that the identity is to be linked to; `null` for a login. */
  readonly linkTo: string | null;
}

export type FoundTransaction = RedirectTransaction & Pick<Transaction, 'next'>;

export interface Transactions {
  /** @throws UNAVAILABLE where it is too large for a cookie, even without `next` */
  begin(ctx: HttpContext, transaction: Transaction): Promise<void>;
  /** The one that this callback belongs to, of this browser and this authenticator, once: its cookie is cleared. */
  take(ctx: HttpContext, authenticator: string, state: string | undefined): Promise<FoundTransaction | null>;
}

const sealedSchema = z.object({
  authenticator: z.string(),
  /** Its digest: a state may be long. */
  state: z.string().nullable(),
  kept: z.record(z.string(), z.unknown()),
  next: z.string(),
  linkTo: z.string().nullable(),
  nonce: z.string(),
});

const stateDigest = (state: string | null): string | null =>
  state === null ? null : digestOf(state).toString('base64url');

const keyOf = (authenticator: string, state: string | null): string =>
  state === null ? `authenticator ${authenticator}` : `state ${state}`;

/** In a cookie of its own for each: two tabs do not meet (OWASP ASVS 5.0, 10.1.2). */
export function createTransactions(needs: Omit<SealedCookiesNeeds, 'purpose' | 'lifetime'>): Transactions {
  const sealed = createSealedCookies({ ...needs, purpose: 'login', lifetime: transactionLifetime });

  async function find(ctx: HttpContext, authenticator: string, state: string | null) {
    const values = await sealed.read(ctx, keyOf(authenticator, state));
    const parsed = sealedSchema.safeParse(values);
    if (!parsed.success || parsed.data.authenticator !== authenticator) return null;
    const { kept, linkTo, next, nonce } = parsed.data;
    // The cookie's name has a part of that digest only.
    if (parsed.data.state !== stateDigest(state)) return null;
    sealed.clear(ctx, keyOf(authenticator, state));
    return { id: digestOf(nonce), kept, linkTo, next };
  }

  return {
    async begin(ctx, transaction) {
      const key = keyOf(transaction.authenticator, transaction.state);
      const values = { ...transaction, state: stateDigest(transaction.state), nonce: newToken() };
      const isKept =
        (await sealed.write(ctx, key, values)) || (await sealed.write(ctx, key, { ...values, next: '/' }));
      if (!isKept)
        throw new PortcullisError('UNAVAILABLE', { detail: 'a transaction was too large to keep' });
    },
    async take(ctx, authenticator, state) {
      const known = state === undefined || state === '' ? null : await find(ctx, authenticator, state);
      // A state that its start did not show (pushed requests, RFC 9126) is for the strategy to check.
      return known ?? (await find(ctx, authenticator, null));
    },
  };
}
