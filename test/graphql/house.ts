/**
 * The core API and the notes on real parts: a store, the shipped policy with more rows where a test wants them, and
 * five people. Ann is nobody special, Bob writes, Cleo is in support, Aud audits, Root may do everything.
 */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccounts } from '../../src/accounts/create-accounts.ts';
import { createIdentities } from '../../src/accounts/create-identities.ts';
import type { Audit } from '../../src/audit/audit.ts';
import { createAudit } from '../../src/audit/create-audit.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Coordinate } from '../../src/core/coordinate.ts';
import { newId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { parseUsername } from '../../src/core/names.ts';
import { originAs, originWithoutRequest } from '../../src/core/origin.ts';
import { type Principal, type UserPrincipal } from '../../src/core/principal.ts';
import { digestOf, Secret } from '../../src/core/secret.ts';
import { grantsOf } from '../../src/accounts/grants-of.ts';
import { buildGuardedSchema } from '../../src/graphql/build-schema.ts';
import type { RequestState } from '../../src/graphql/context.ts';
import { createCursors } from '../../src/graphql/cursors.ts';
import { describeSchema } from '../../src/graphql/describe-schema.ts';
import type { GuardedSchema } from '../../src/graphql/guard/guarded-schema.ts';
import { coreModules } from '../../src/graphql/modules/core-modules.ts';
import type { CoreServices } from '../../src/graphql/modules/core-services.ts';
import { createHealth } from '../../src/health/health.ts';
import { principalOf } from '../../src/http/identify.ts';
import type { RequestEnvironment } from '../../src/policy/decision.ts';
import { openPolicyEngine } from '../../src/policy/open-engine.ts';
import type { PolicyEngine } from '../../src/policy/engine.ts';
import type { PolicySnapshot } from '../../src/policy/snapshot.ts';
import { createNotesModule } from '../../examples/notes/module.ts';
import { createNotes, type Notes } from '../../examples/notes/notes.ts';
import type { Store } from '../../src/store/store.ts';
import { cheapHasher } from '../accounts/cheap-hasher.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import type { StoreKind } from '../store/store-kinds.ts';

const root = (path: string): string => new URL(`../../${path}`, import.meta.url).pathname;

export interface House {
  readonly schema: GuardedSchema<CoreServices>;
  readonly services: CoreServices;
  readonly policy: PolicyEngine;
  readonly store: Store;
  readonly audit: Audit;
  readonly sql: TestStore['sql'];
  readonly notes: Notes;
  readonly coordinates: ReadonlySet<Coordinate>;
  readonly people: Readonly<Record<Name, UserPrincipal>>;
  /** The public id of each person's session. */
  readonly sessions: Readonly<Record<Name, string>>;
  /** A request of that principal, as the people were at the start. */
  as(principal: Principal): RequestState;
  /** A request of whoever has that username, everything of it read anew as a server does: anonymous without an account. */
  request(username: string): Promise<RequestState>;
  /** Everything as at the start, but for ids: quicker than a new house. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

const names = ['ann', 'bob', 'cleo', 'aud', 'root'] as const;
type Name = (typeof names)[number];
const groupOf: Record<Name, readonly string[]> = {
  ann: [],
  bob: ['writers'],
  cleo: ['support'],
  aud: ['auditors'],
  root: ['superusers'],
};

export interface HouseOptions {
  /** Files in place of the shipped ones: `null` leaves only the model. */
  readonly policy?: 'shipped' | 'empty';
  readonly production?: boolean;
  readonly kind?: StoreKind;
  /** Further rows, as a policy file. */
  readonly rows?: string;
}

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const test = await openTestStore(options.kind ?? 'embedded');
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-graphql-'));
  const shipped = options.policy !== 'empty';
  await cp(
    root(shipped ? 'policies' : 'policies/model.conf'),
    shipped ? folder : join(folder, 'model.conf'),
    {
      recursive: true,
    },
  );
  if (shipped) await cp(root('examples/notes/policies'), folder, { recursive: true });
  if (options.rows !== undefined) await writeFile(join(folder, 'more.csv'), options.rows);

  const notes = createNotes();
  const schema = buildGuardedSchema<CoreServices>([...coreModules, createNotesModule(notes)]);
  const declarations = { ...describeSchema(schema), attributes: {} };
  const policy = await openPolicyEngine({
    folders: [folder],
    lastGoodFile: null,
    production: options.production ?? true,
    declarations,
    grants: grantsOf(test.store),
    watch: false,
    clock: systemClock,
    log: silentLog,
  });
  const seeded = await seed(test);
  for (const name of ['ann', 'bob'] as const) {
    notes.insert({ title: `${name}'s own`, text: 'secret', ownerId: seeded.people[name].id, sharedWith: [] });
    notes.insert({
      title: `${name}'s shared`,
      text: 'open',
      ownerId: seeded.people[name].id,
      sharedWith: ['writers'],
    });
  }
  const environment: RequestEnvironment = {
    now: systemClock.now(),
    address: '192.0.2.1',
    provable: { amr: ['pwd'], aal: 1 },
  };
  const { store } = test;
  const sessionLimits = { idle: 3_600_000, absolute: 86_400_000 };
  const audit = createAudit({ store, settings: { queue: 10_000 }, clock: systemClock, log: silentLog });
  const hasher = cheapHasher();
  const parts = { store, audit, policy, attributes: {}, clock: systemClock };
  const stateOf = (
    principal: Principal,
    snapshot: PolicySnapshot,
    sessionId: string | null,
    now: RequestEnvironment,
  ): RequestState => ({
    requestId: 'request-1',
    origin: originAs(
      {
        ...originWithoutRequest('anonymous'),
        requestId: 'request-1',
        sessionId,
        policyVersion: snapshot.version,
      },
      principal,
    ),
    environment: now,
    principal,
    snapshot,
    decisions: snapshot.decisionsFor(principal, now),
    sessionId,
    actions: {
      logIn: () => Promise.resolve(),
      logOut: () => Promise.resolve({ continueAt: null }),
    },
  });
  const entered = new Map<string, Buffer>();
  return {
    schema,
    policy,
    store,
    audit,
    sql: (text, values) => test.sql(text, values),
    notes,
    coordinates: declarations.schema.coordinates,
    ...seeded,
    services: {
      store,
      accounts: createAccounts({ ...parts, hasher, minLength: 12, log: silentLog }),
      identities: createIdentities(parts),
      audit,
      sessions: store.sessions,
      sessionLimits,
      policy,
      health: createHealth({
        ...parts,
        sessions: store.sessions,
        limits: sessionLimits,
        kept: 'database',
        hasher,
      }),
      cursors: createCursors([new Secret('a secret of at least 32 characters')]),
      clock: systemClock,
    },
    as: (principal) =>
      stateOf(
        principal,
        policy.current(),
        principal.kind === 'user' ? seeded.sessions[principal.username as unknown as Name] : null,
        environment,
      ),
    async request(username) {
      const user = await store.users.findByUsername(parseUsername(username)!);
      let idHash = entered.get(username) ?? null;
      if (user !== null && idHash === null) {
        idHash = await beginSession(store, user.id, user.sessionEpoch);
        entered.set(username, idHash);
      }
      const now = systemClock.now();
      const loaded = await store.sessions.load(idHash, { ...sessionLimits, now });
      const snapshot = await policy.atEpoch(loaded.policyEpoch);
      return stateOf(principalOf(loaded), snapshot, loaded.session?.publicId ?? null, {
        ...environment,
        now,
      });
    },
    async reset() {
      await settled(audit);
      const epoch = await store.groups.epoch();
      await test.empty();
      // It never falls, or what was given before would be taken for newer.
      await test.sql('UPDATE policy_epoch SET value = $1', [epoch + 1]);
      entered.clear();
      const { people, sessions } = await seed(test);
      Object.assign(seeded.people, people);
      Object.assign(seeded.sessions, sessions);
    },
    async close() {
      await audit.close();
      await hasher.close();
      await policy.close();
      await test.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Resolves when every record has been written. */
export async function settled(audit: Pick<Audit, 'status'>): Promise<void> {
  while (audit.status().queued > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Answers its hash, by which it is loaded. */
async function beginSession(store: Store, userId: string, sessionEpoch: number): Promise<Buffer> {
  const now = systemClock.now();
  const publicId = newId(systemClock);
  const idHash = digestOf(publicId);
  await store.sessions.insert({
    idHash,
    publicId,
    userId,
    authenticator: 'password',
    amr: ['pwd'],
    aal: 1,
    authTime: now,
    sessionEpoch,
    createdAt: now,
    lastUsedAt: now,
    address: '192.0.2.1',
    userAgent: 'test',
    data: {},
  });
  return idHash;
}

async function seed({ store }: TestStore): Promise<Pick<House, 'people' | 'sessions'>> {
  const people: Partial<Record<Name, UserPrincipal>> = {};
  const sessions: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const now = systemClock.now();
    const username = parseUsername(name)!;
    const id = newId(systemClock);
    const email = { id: newId(systemClock), address: `${name}@example.com`, primary: true, verifiedAt: null };
    const authentication = { authenticator: 'password', amr: ['pwd'], aal: 1, authTime: now } as const;
    await store.users.insert({
      id,
      username,
      name: name.toUpperCase(),
      attributes: {},
      createdAt: now,
      emails: [email],
      passwordHash: null,
    });
    for (const group of groupOf[name]) await store.groups.addMember(group, id, 'operator', now);
    const publicId = newId(systemClock);
    await store.sessions.insert({
      idHash: digestOf(`session of ${name}`),
      publicId,
      userId: id,
      ...authentication,
      sessionEpoch: 0,
      createdAt: now,
      lastUsedAt: now,
      address: '192.0.2.1',
      userAgent: 'test',
      data: {},
    });
    sessions[name] = publicId;
    people[name] = {
      kind: 'user',
      subject: `user:${username}`,
      id,
      username,
      groups: groupOf[name].map((group) => `group:${group}` as const),
      attributes: {},
      authentication,
    };
  }
  return { people: people as Record<Name, UserPrincipal>, sessions: sessions as Record<Name, string> };
}

export { anonymous } from '../../src/core/principal.ts';
