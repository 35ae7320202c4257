/**
 * The core API and the notes on real parts: a store, the shipped policy with more rows where a test wants them, and
 * five people. Ann is nobody special, Bob writes, Cleo is in support, Aud audits, Root may do everything.
 */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import type { Coordinate } from '../../src/core/coordinate.ts';
import { newId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { parseUsername } from '../../src/core/names.ts';
import { type Principal, type UserPrincipal } from '../../src/core/principal.ts';
import { digestOf, Secret } from '../../src/core/secret.ts';
import { buildGuardedSchema } from '../../src/graphql/build-schema.ts';
import type { RequestState } from '../../src/graphql/context.ts';
import { createCursors } from '../../src/graphql/cursors.ts';
import { describeSchema } from '../../src/graphql/describe-schema.ts';
import type { GuardedSchema } from '../../src/graphql/guard/guarded-schema.ts';
import { coreModules } from '../../src/graphql/modules/core-modules.ts';
import type { CoreServices } from '../../src/graphql/modules/core-services.ts';
import type { RequestEnvironment } from '../../src/policy/decision.ts';
import { openPolicyEngine } from '../../src/policy/open-engine.ts';
import type { PolicyEngine } from '../../src/policy/engine.ts';
import { createNotesModule } from '../../examples/notes/module.ts';
import { createNotes, type Notes } from '../../examples/notes/notes.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';

const root = (path: string): string => new URL(`../../${path}`, import.meta.url).pathname;

export interface House {
  readonly schema: GuardedSchema<CoreServices>;
  readonly services: CoreServices;
  readonly policy: PolicyEngine;
  readonly notes: Notes;
  readonly coordinates: ReadonlySet<Coordinate>;
  readonly people: Readonly<Record<Name, UserPrincipal>>;
  /** The public id of each person's session. */
  readonly sessions: Readonly<Record<Name, string>>;
  /** A request of that principal. */
  as(principal: Principal): RequestState;
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
  /** Further rows, as a policy file. */
  readonly rows?: string;
}

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const test = await openTestStore('embedded');
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
    grants: { load: () => Promise.resolve({ epoch: 0, rows: { rules: [], memberships: [], coverage: [] } }) },
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
  return {
    schema,
    policy,
    notes,
    coordinates: declarations.schema.coordinates,
    ...seeded,
    services: {
      store: test.store,
      sessions: test.store.sessions,
      sessionLimits: { idle: 3_600_000, absolute: 86_400_000 },
      policy,
      cursors: createCursors([new Secret('a secret of at least 32 characters')]),
      clock: systemClock,
    },
    as(principal) {
      const snapshot = policy.current();
      return {
        requestId: 'request-1',
        principal,
        snapshot,
        decisions: snapshot.decisionsFor(principal, environment),
        sessionId: principal.kind === 'user' ? seeded.sessions[principal.username as unknown as Name] : null,
        actions: {
          logIn: () => Promise.resolve(),
          logOut: () => Promise.resolve(),
        },
      };
    },
    async close() {
      await policy.close();
      await test.close();
      await rm(folder, { recursive: true });
    },
  };
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
