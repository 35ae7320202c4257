import { hkdfSync } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import type Koa from 'koa';
import type { Clock } from '../core/clock.ts';
import type { Secret } from '../core/secret.ts';
import type { CookieProfile } from './cookie-profile.ts';

export interface SealedCookieNeeds {
  /** Names the cookie and separates its keys from those of every other purpose. */
  readonly purpose: string;
  /** The first encrypts, all decrypt: put a new one in front to rotate. */
  readonly secrets: readonly Secret[];
  readonly cookies: CookieProfile;
  readonly clock: Clock;
}

export type SealedValues = Readonly<Record<string, string>>;

/** What a visitor's browser keeps for us before there is a session, unreadable and unchangeable to anybody but us. */
export interface SealedCookie {
  /** `null` where there is none, or it is too old, or not of our making: there is no difference. */
  read(ctx: Koa.Context): Promise<SealedValues | null>;
  /** Good for an hour from now. */
  write(ctx: Koa.Context, values: SealedValues): Promise<void>;
  clear(ctx: Koa.Context): void;
}

const lifetimeSeconds = 3_600;
/** Browsers keep no cookie beyond this (RFC 6265, section 6.1). */
const longestCookie = 4_096;

/** An encrypted JWT (RFC 7516, `dir` with A256GCM), one key for each secret and purpose by HKDF (RFC 5869). */
export function createSealedCookie({ purpose, secrets, cookies, clock }: SealedCookieNeeds): SealedCookie {
  const keys = secrets.map(
    (secret) => new Uint8Array(hkdfSync('sha256', secret.reveal(), '', `portcullis cookie ${purpose}`, 32)),
  );
  const [sealing] = keys;
  if (sealing === undefined) throw new Error('A sealed cookie needs at least one secret.');
  const name = cookies.nameOf(purpose);

  const open = async (token: string, key: Uint8Array): Promise<SealedValues | null> => {
    try {
      const { payload } = await jwtDecrypt<{ values?: unknown }>(token, key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        requiredClaims: ['exp'],
        currentDate: new Date(clock.now()),
      });
      return payload.values as SealedValues;
    } catch {
      return null;
    }
  };

  return {
    async read(ctx) {
      const token = ctx.cookies.get(name, { signed: false });
      if (token === undefined || token.length > longestCookie) return null;
      for (const key of keys) {
        const values = await open(token, key);
        if (values !== null) return values;
      }
      return null;
    },
    async write(ctx, values) {
      const now = Math.floor(clock.now() / 1_000);
      const token = await new EncryptJWT({ values })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setIssuedAt(now)
        .setExpirationTime(now + lifetimeSeconds)
        .encrypt(sealing);
      ctx.cookies.secure = cookies.secure;
      ctx.cookies.set(name, token, { ...cookies.attributes, maxAge: lifetimeSeconds * 1_000 });
    },
    clear(ctx) {
      if (ctx.cookies.get(name, { signed: false }) === undefined) return;
      ctx.cookies.secure = cookies.secure;
      ctx.cookies.set(name, '', { ...cookies.attributes, expires: new Date(0) });
    },
  };
}
