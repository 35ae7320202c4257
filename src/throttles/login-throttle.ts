import type { Clock } from '../core/clock.ts';
import { parseUsername } from '../core/names.ts';
import { digestOf } from '../core/secret.ts';
import type { ThrottleRepository, UserRepository } from '../store/store.ts';
import { networkOf, unknownNetwork } from './network.ts';
import type { LoginThrottleSettings } from './settings.ts';

/** An attempt that was let through, and what it was counted in. */
export interface TakenAttempt {
  readonly network: string;
  /** Buckets that a success empties. */
  readonly accountKeys: readonly string[];
}

export type ThrottleAnswer =
  | { readonly kind: 'taken'; readonly attempt: TakenAttempt }
  /** Whole seconds until a retry makes sense. */
  | { readonly kind: 'throttled'; readonly retryAfter: number };

/**
 * Slows down guessing. An attempt is counted before its password is looked at, so a hundred at once are a hundred; the
 * counts are in the database, so they hold for every node and outlive a restart.
 */
export interface LoginThrottle {
  /** Counts an attempt at the account that somebody typed, known or not: the answers are alike. */
  take(typedName: string | null, address: string | null): Promise<ThrottleAnswer>;
  /** After a success: empties the buckets of the account, and knows the network from now on. */
  clear(attempt: TakenAttempt, userId: string): Promise<void>;
}

export interface LoginThrottleNeeds {
  readonly throttles: Pick<ThrottleRepository, 'take' | 'clear' | 'isKnownNetwork' | 'rememberNetwork'>;
  readonly users: Pick<UserRepository, 'findByUsername'>;
  readonly settings: LoginThrottleSettings;
  readonly clock: Clock;
}

/** No account has it: asked for where there is none, so that an unknown name costs the same statements. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** A digest, so that the table tells no names and no addresses. */
const bucketKey = (kind: string, ...parts: readonly string[]): string =>
  `login:${kind}:${digestOf(JSON.stringify(parts)).toString('base64url')}`;

export function createLoginThrottle({
  throttles,
  users,
  settings,
  clock,
}: LoginThrottleNeeds): LoginThrottle {
  const { window, strangersWindow } = settings;

  /**
   * From a network that the account knows, only the two counts of that network hold: whatever strangers do elsewhere, it
   * can't lock the owner out. From any other, strangers' count of the account and the count of all strangers hold too.
   */
  function bucketsOf(account: string, network: string, isKnown: boolean) {
    const pair = {
      key: bucketKey('pair', account, network),
      limit: settings.perAccountAndNetwork,
      windowMs: window,
    };
    const here = { key: bucketKey('network', network), limit: settings.perNetwork, windowMs: window };
    if (isKnown) return { buckets: [pair, here], accountKeys: [pair.key] };
    const strangers = {
      key: bucketKey('strangers', account),
      limit: settings.strangersPerAccount,
      windowMs: strangersWindow,
    };
    const overall = { key: 'login:overall', limit: settings.overall, windowMs: window };
    return { buckets: [pair, here, strangers, overall], accountKeys: [pair.key, strangers.key] };
  }

  return {
    async take(typedName, address) {
      const username = typedName === null || typedName.length > 256 ? null : parseUsername(typedName);
      const user = username === null ? null : await users.findByUsername(username);
      const network = networkOf(address);
      const isKnown = await throttles.isKnownNetwork(user?.id ?? nobody, network);
      // What no account can be called shares one bucket: people type passwords there, and a digest is no place for one.
      const { buckets, accountKeys } = bucketsOf(username ?? '', network, isKnown);
      const full = await throttles.take(buckets, clock.now());
      if (full.length === 0) return { kind: 'taken', attempt: { network, accountKeys } };
      const wait = Math.max(...full.map(({ retryAfterMs }) => retryAfterMs));
      return { kind: 'throttled', retryAfter: Math.max(1, Math.ceil(wait / 1_000)) };
    },

    async clear({ network, accountKeys }, userId) {
      await throttles.clear(accountKeys);
      if (network !== unknownNetwork) await throttles.rememberNetwork(userId, network, clock.now());
    },
  };
}
