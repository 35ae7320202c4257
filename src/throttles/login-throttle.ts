import type { Clock } from '../core/clock.ts';
import { parseUsername } from '../core/names.ts';
import { digestOf } from '../core/secret.ts';
import type { ThrottleRepository } from '../store/contract/throttles.ts';
import type { UserRepository } from '../store/contract/users.ts';
import { networkOf, unknownNetwork } from './network.ts';
import type { LoginThrottleSettings } from './settings.ts';

/** An attempt that was let through, and what it was counted in. */
export interface TakenAttempt {
  /** The account that was named; `null` where nobody has that name. */
  readonly userId: string | null;
  readonly network: string;
  /** Buckets of the account alone: a success empties them. */
  readonly accountKeys: readonly string[];
  /** Buckets shared with other accounts: a success takes its own attempt out of them, and no other. */
  readonly sharedKeys: readonly string[];
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
  /** After a success: only failures count, and the network is known from now on. */
  clear(attempt: TakenAttempt, userId: string): Promise<void>;
  /** After an attempt that came to no verdict: it did not count. */
  giveBack(attempt: TakenAttempt): Promise<void>;
}

export interface LoginThrottleNeeds {
  readonly throttles: Pick<
    ThrottleRepository,
    'take' | 'giveBack' | 'clear' | 'isKnownNetwork' | 'rememberNetwork'
  >;
  readonly users: Pick<UserRepository, 'findByUsername'>;
  readonly settings: LoginThrottleSettings;
  readonly clock: Clock;
}

/** No account has it: asked for where there is none, so that an unknown name costs the same statements. */
const nobody = '00000000-0000-7000-8000-000000000000';

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

  const bucket = (limit: number, kind: string, ...parts: readonly string[]) => ({
    key: bucketKey(kind, ...parts),
    limit,
    windowMs: kind === 'strangers' ? strangersWindow : window,
  });

  /**
   * The count of the network holds for everybody alike: an exception would tell which names are known there. From a
   * network that the account has never logged in from, strangers' counts hold as well; they never hold the owner up.
   */
  function bucketsOf(account: string, network: string, isKnown: boolean) {
    const pair = bucket(settings.perAccountAndNetwork, 'pair', account, network);
    const here = bucket(settings.perNetwork, 'network', network);
    if (isKnown) return { ofAccount: [pair], shared: [here] };
    return {
      ofAccount: [pair, bucket(settings.strangersPerAccount, 'strangers', account)],
      shared: [here, bucket(settings.overall, 'overall')],
    };
  }

  return {
    async take(typedName, address) {
      const username = typedName === null || typedName.length > 256 ? null : parseUsername(typedName);
      const user = username === null ? null : await users.findByUsername(username);
      const network = networkOf(address);
      const isKnown = await throttles.isKnownNetwork(user?.id ?? nobody, network);
      // What no account can be called shares one bucket: people type passwords there, and a digest is no place for one.
      const { ofAccount, shared } = bucketsOf(username ?? '', network, isKnown);
      const full = await throttles.take([...ofAccount, ...shared], clock.now());
      if (full.length > 0) {
        const wait = Math.max(...full.map(({ retryAfterMs }) => retryAfterMs));
        return { kind: 'throttled', retryAfter: Math.max(1, Math.ceil(wait / 1_000)) };
      }
      const accountKeys = ofAccount.map(({ key }) => key);
      const sharedKeys = shared.map(({ key }) => key);
      return { kind: 'taken', attempt: { userId: user?.id ?? null, network, accountKeys, sharedKeys } };
    },

    async clear({ network, accountKeys, sharedKeys }, userId) {
      await throttles.clear(accountKeys);
      await throttles.giveBack(sharedKeys);
      if (network !== unknownNetwork) await throttles.rememberNetwork(userId, network, clock.now());
    },

    async giveBack({ accountKeys, sharedKeys }) {
      await throttles.giveBack([...accountKeys, ...sharedKeys]);
    },
  };
}
