import type { Accounts } from '../../src/accounts/accounts.ts';
import { createAccounts } from '../../src/accounts/create-accounts.ts';
import { createIdentities } from '../../src/accounts/create-identities.ts';
import type { Hasher, HasherSettings } from '../../src/accounts/hashing/hasher.ts';
import type { AuditEntry } from '../../src/audit/audit.ts';
import { createAudit } from '../../src/audit/create-audit.ts';
import type { Authenticator } from '../../src/authenticators/authenticator.ts';
import { createDoor } from '../../src/authenticators/door.ts';
import type { Door, LoginAttempt, LoginClient, LoginResult } from '../../src/authenticators/login.ts';
import { loadAuthenticators } from '../../src/authenticators/registry.ts';
import { silentLog } from '../../src/core/log.ts';
import { type Origin, originWithoutRequest } from '../../src/core/origin.ts';
import type { AuthenticationContext } from '../../src/core/principal.ts';
import type { UserRow } from '../../src/store/contract/users.ts';
import { createLoginThrottle } from '../../src/throttles/login-throttle.ts';
import { loginThrottleSettings } from '../../src/throttles/settings.ts';
import { cheapHasher } from '../accounts/cheap-hasher.ts';
import { type Logbook, logbook } from '../http/logbook.ts';
import { declarations } from '../policy/fixture.ts';
import { manualClock } from '../sessions/manual-clock.ts';
import { openPolicy } from './open-policy.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import type { StoreKind } from '../store/store-kinds.ts';

/** Accounts, throttle and door on a store of their own, and a note of every session begun and record left. */
export interface House {
  readonly opened: TestStore;
  readonly accounts: Accounts;
  readonly clock: ReturnType<typeof manualClock>;
  readonly hasher: Hasher;
  readonly begun: { user: UserRow; authentication: AuthenticationContext; logoutHint: string | null }[];
  readonly records: AuditEntry[];
  /** Everything that the log was told. */
  readonly log: Logbook;
  /** The enabled authenticators: `password` unless others are given. */
  readonly password: Authenticator;
  readonly origin: Origin;
  /** What a request brings: where it is from, and a session that is only noted. */
  readonly client: LoginClient;
  door(options?: DoorOptions): Door;
  logIn(
    attempt: Partial<Pick<LoginAttempt, 'authenticator' | 'credentials'>> & {
      readonly address?: string;
      readonly begin?: LoginClient['begin'];
    },
    options?: DoorOptions,
  ): Promise<LoginResult>;
  empty(): Promise<void>;
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly chain?: readonly Authenticator[];
  readonly throttle?: object;
  readonly deadlineMs?: number;
}

const attributeKinds = { level: 'number' } as const;

/** Far above what a test tries: for those that are not about throttling. */
const generous = { perAccountAndNetwork: 1e6, perNetwork: 1e6, overall: 1e6 };

export async function openHouse(kind: StoreKind, hashing: Partial<HasherSettings> = {}): Promise<House> {
  const opened = await openTestStore(kind);
  const hasher = cheapHasher(hashing);
  const { store } = opened;
  const records: House['records'] = [];
  const log = logbook();
  const clock = manualClock(Date.now());
  const audit = createAudit({ store, settings: { queue: 1_000 }, clock, log: silentLog });
  const policy = await openPolicy({
    store,
    rows: ['p, user:named, Note.title, *, allow'],
    declarations: { ...declarations, attributes: attributeKinds },
    clock,
  });
  const accounts = createAccounts({
    store,
    hasher,
    policy,
    audit,
    attributes: attributeKinds,
    minLength: 12,
    clock,
    log: silentLog,
  });
  const identities = createIdentities({ store, audit, policy, attributes: attributeKinds, clock });
  const enabled = await loadAuthenticators([{ use: 'password' }], {
    accounts,
    importModule: () => Promise.reject(new Error('nothing to import')),
    publicUrl: new URL('http://localhost:4000'),
    attributes: {},
    clock,
    log,
  });
  const password = enabled.get('password')!;
  const begun: House['begun'] = [];
  const origin: Origin = {
    ...originWithoutRequest('anonymous'),
    requestId: 'request-1',
    address: '192.0.2.1',
    userAgent: 'jest',
    policyVersion: 'sha256-0',
  };
  const client: LoginClient = {
    origin,
    begin: (user, authentication, { logoutHint }) => {
      begun.push({ user, authentication, logoutHint });
      return Promise.resolve({ publicId: `session-${begun.length}` });
    },
  };
  const doorOf = ({ chain = [password], throttle = generous, deadlineMs = 10_000 }: DoorOptions = {}): Door =>
    createDoor({
      authenticators: new Map(chain.map((each) => [each.name, each])),
      throttle: createLoginThrottle({
        throttles: store.throttles,
        users: store.users,
        settings: loginThrottleSettings.parse(throttle),
        clock,
      }),
      users: store.users,
      usedStates: store.usedStates,
      identities,
      audit: {
        record: (entry) => {
          records.push(entry);
          audit.record(entry);
        },
      },
      deadlineMs,
      clock,
      log,
    });

  return {
    opened,
    accounts,
    clock,
    hasher,
    begun,
    records,
    log,
    password,
    origin,
    client,
    door: (options) => doorOf(options),
    logIn: ({ address = '192.0.2.1', begin = (...given) => client.begin(...given), ...attempt }, options) =>
      doorOf(options).logIn({
        authenticator: null,
        credentials: {},
        client: { origin: { ...origin, address }, begin },
        ...attempt,
      }),
    async empty() {
      await opened.empty();
      begun.length = 0;
      records.length = 0;
      log.records.length = 0;
    },
    async close() {
      await audit.close();
      await policy.close();
      await hasher.close();
      await opened.close();
    },
  };
}
