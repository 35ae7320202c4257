import type Koa from 'koa';
import { digestOf } from '../core/secret.ts';
import { createSeal, type SealedValues } from './seal.ts';
import { longestCookie, type SealedCookieNeeds } from './sealed-cookie.ts';

export interface SealedCookiesNeeds extends SealedCookieNeeds {
  /** Milliseconds. */
  readonly lifetime: number;
}

/** Several cookies of one purpose in one browser, each found by a key that only their maker knows how to name. */
export interface SealedCookies {
  /** `null` where there is none, or it is too old, or not of our making: there is no difference. */
  read(ctx: Koa.Context, key: string): Promise<SealedValues | null>;
  /**
   * Keeps one, and drops the oldest where there are too many by now. `false`, and nothing is kept, where it is too large
   * for a cookie.
   */
  write(ctx: Koa.Context, key: string, values: SealedValues): Promise<boolean>;
  clear(ctx: Koa.Context, key: string): void;
}

const mostCookies = 8;
/** All of them together: with every other header they must stay below what a server reads of a request. */
const mostBytes = 8_000;
/** Left for the cookie's attributes: path, expiry and flags. */
const attributeBytes = 128;

export function createSealedCookies({
  purpose,
  secrets,
  cookies,
  lifetime,
  clock,
}: SealedCookiesNeeds): SealedCookies {
  const seal = createSeal({ purpose, secrets, lifetime: Math.floor(lifetime / 1_000), clock });
  /** A part of a digest tells nobody the key, and no two keys of one browser meet by chance. */
  const nameOf = (key: string): string =>
    cookies.nameOf(`${purpose}-${digestOf(key).toString('hex').slice(0, 16)}`);
  const ours = new RegExp(`^${cookies.nameOf(purpose)}-[0-9a-f]{16}$`);

  const readAll = (ctx: Koa.Context): Map<string, string> =>
    new Map(
      ctx
        .get('cookie')
        .split(';')
        .map((pair) => pair.trim().split(/=(.*)/s) as [string, string?])
        .flatMap(([name, value = '']) => (ours.test(name) ? [[name, value] as const] : [])),
    );

  const expire = (ctx: Koa.Context, name: string): void => {
    ctx.cookies.secure = cookies.secure;
    ctx.cookies.set(name, '', { ...cookies.attributes, expires: new Date(0) });
  };

  /** Those before this one that it leaves no room for: what can't be opened first, then the oldest. */
  async function dropOldest(ctx: Koa.Context, others: ReadonlyMap<string, string>, size: number) {
    const aged = await Promise.all(
      [...others].map(async ([name, token]) => ({
        name,
        bytes: name.length + token.length,
        sealedAt: (await seal.open(name, token))?.sealedAt ?? -1,
      })),
    );
    let [count, bytes] = [1, size];
    for (const each of aged.sort((a, b) => b.sealedAt - a.sealedAt)) {
      count += 1;
      bytes += each.bytes;
      if (each.sealedAt < 0 || count > mostCookies || bytes > mostBytes) expire(ctx, each.name);
    }
  }

  return {
    async read(ctx, key) {
      const name = nameOf(key);
      const token = ctx.cookies.get(name, { signed: false });
      if (token === undefined || token.length > longestCookie) return null;
      return (await seal.open(name, token))?.values ?? null;
    },
    async write(ctx, key, values) {
      const name = nameOf(key);
      const token = await seal.seal(name, values);
      const size = name.length + token.length;
      if (size + attributeBytes > longestCookie) return false;
      const others = readAll(ctx);
      others.delete(name);
      await dropOldest(ctx, others, size);
      ctx.cookies.secure = cookies.secure;
      ctx.cookies.set(name, token, { ...cookies.attributes, maxAge: lifetime });
      return true;
    },
    clear(ctx, key) {
      if (ctx.cookies.get(nameOf(key), { signed: false }) !== undefined) expire(ctx, nameOf(key));
    },
  };
}
