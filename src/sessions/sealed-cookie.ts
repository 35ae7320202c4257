import type Koa from 'koa';
import type { Clock } from '../core/clock.ts';
import type { Secret } from '../core/secret.ts';
import type { CookieProfile } from './cookie-profile.ts';
import { createSeal, type SealedValues } from './seal.ts';

export interface SealedCookieNeeds {
  /** Names the cookie and separates its keys from those of every other purpose. */
  readonly purpose: string;
  /** The first encrypts, all decrypt: put a new one in front to rotate. */
  readonly secrets: readonly Secret[];
  readonly cookies: CookieProfile;
  readonly clock: Clock;
}

/** What a visitor's browser keeps for us before there is a session. */
export interface SealedCookie {
  /** `null` where there is none, or it is too old, or not of our making: there is no difference. */
  read(ctx: Koa.Context): Promise<SealedValues | null>;
  /** Good for an hour from now. */
  write(ctx: Koa.Context, values: SealedValues): Promise<void>;
  clear(ctx: Koa.Context): void;
}

const lifetime = 3_600;
/** Browsers keep no cookie beyond this (RFC 6265, section 6.1). */
export const longestCookie = 4_096;

export function createSealedCookie({ purpose, cookies, ...rest }: SealedCookieNeeds): SealedCookie {
  const seal = createSeal({ purpose, lifetime, ...rest });
  const name = cookies.nameOf(purpose);
  return {
    async read(ctx) {
      const token = ctx.cookies.get(name, { signed: false });
      if (token === undefined || token.length > longestCookie) return null;
      return (await seal.open(name, token))?.values ?? null;
    },
    async write(ctx, values) {
      const token = await seal.seal(name, values);
      ctx.cookies.secure = cookies.secure;
      ctx.cookies.set(name, token, { ...cookies.attributes, maxAge: lifetime * 1_000 });
    },
    clear(ctx) {
      if (ctx.cookies.get(name, { signed: false }) === undefined) return;
      ctx.cookies.secure = cookies.secure;
      ctx.cookies.set(name, '', { ...cookies.attributes, expires: new Date(0) });
    },
  };
}
