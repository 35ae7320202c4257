import type { Accounts } from '../../src/accounts/accounts.ts';
import { createAccounts } from '../../src/accounts/create-accounts.ts';
import type { Hasher, HasherSettings } from '../../src/accounts/hashing/hasher.ts';
import type { Authenticator } from '../../src/authenticators/authenticator.ts';
import { createDoor } from '../../src/authenticators/door.ts';
import type { LoginAttempt, LoginResult } from '../../src/authenticators/login.ts';
import { loadAuthenticators } from '../../src/authenticators/registry.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { AuthenticationContext } from '../../src/core/principal.ts';
import type { UserRow } from '../../src/store/store.ts';
import { createLoginThrottle } from '../../src/throttles/login-throttle.ts';
import { loginThrottleSettings } from '../../src/throttles/settings.ts';
import { cheapHasher } from '../accounts/cheap-hasher.ts';
import { openTestStore, type StoreKind, type TestStore } from '../store/open-test-store.ts';

/** Accounts, throttle and door on a store of their own, and a note of every session begun and record left. */
export interface House {
  readonly opened: TestStore;
  readonly accounts: Accounts;
  readonly hasher: Hasher;
  readonly begun: { user: UserRow; authentication: AuthenticationContext }[];
  readonly records: Record<string, unknown>[];
  /** The enabled authenticators: `password` unless others are given. */
  readonly password: Authenticator;
  logIn(attempt: Partial<LoginAttempt>, options?: DoorOptions): Promise<LoginResult>;
  empty(): Promise<void>;
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly chain?: readonly Authenticator[];
  readonly throttle?: object;
  readonly deadlineMs?: number;
}

/** Far above what a test tries: for those that are not about throttling. */
const generous = { perAccountAndNetwork: 1e6, perNetwork: 1e6, overall: 1e6 };

export async function openHouse(kind: StoreKind, hashing: Partial<HasherSettings> = {}): Promise<House> {
  const opened = await openTestStore(kind);
  const hasher = cheapHasher(hashing);
  const { store } = opened;
  const records: House['records'] = [];
  const note = (fields: object): void => void records.push(fields as Record<string, unknown>);
  const log = { ...silentLog, info: note, error: note };
  const clock = systemClock;
  const accounts = createAccounts({
    store,
    hasher,
    memberships: () => [],
    attributes: {},
    minLength: 12,
    clock,
    log: silentLog,
  });
  const importModule = (): Promise<unknown> => Promise.reject(new Error('nothing to import'));
  const enabled = await loadAuthenticators([{ use: 'password' }], { accounts, importModule, clock, log });
  const password = enabled.get('password')!;
  const begun: House['begun'] = [];

  return {
    opened,
    accounts,
    hasher,
    begun,
    records,
    password,
    logIn(attempt, { chain = [password], throttle = generous, deadlineMs = 10_000 } = {}) {
      const door = createDoor({
        authenticators: new Map(chain.map((each) => [each.name, each])),
        throttle: createLoginThrottle({
          throttles: store.throttles,
          users: store.users,
          settings: loginThrottleSettings.parse(throttle),
          clock,
        }),
        users: store.users,
        deadlineMs,
        clock,
        log,
      });
      return door.logIn({
        authenticator: null,
        credentials: {},
        address: '192.0.2.1',
        userAgent: 'jest',
        begin: (user, authentication) => {
          begun.push({ user, authentication });
          return Promise.resolve();
        },
        ...attempt,
      });
    },
    async empty() {
      await opened.empty();
      begun.length = 0;
      records.length = 0;
    },
    async close() {
      await hasher.close();
      await opened.close();
    },
  };
}
