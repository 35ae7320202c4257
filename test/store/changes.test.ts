import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/core/ids.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Username } from '../../src/core/names.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { PrincipalChanges } from '../../src/store/contract/changes.ts';
import type { Account } from '../../src/sessions/stored-session.ts';
import type { GrantRow } from '../../src/store/contract/grants.ts';
import type { IdentityRow } from '../../src/store/contract/identities.ts';
import type { NewUser } from '../../src/store/contract/users.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, grantTo, identityOf, nesting, recordAt, sessionOf, userNamed } from './rows.ts';

/** What every method finds when it is called. */
interface House {
  readonly ann: NewUser;
  readonly bob: NewUser;
  /** Of ann, who is in `work` by it. */
  readonly identity: IdentityRow;
  /** Of ann. */
  readonly grant: GrantRow;
}

type Call = (store: Store, house: House) => Promise<unknown>;

const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
const digest = Buffer.alloc(32, 1);
const page = { after: null, limit: 10 };
const alive = { now: at, idle: 60_000, absolute: 60_000 };

/** Methods that change what `loadUser` tells, in every way that they can. */
const changing: Readonly<Record<string, readonly Call[]>> = {
  'users.insert': [(store) => store.users.insert(userNamed('eve'))],
  'users.setPassword': [(store, { ann }) => store.users.setPassword(ann.id, hash, at, { endSessions: true })],
  'users.changeStatus': [
    (store, { ann }) => store.users.changeStatus(ann.id, 'active', 'suspended'),
    (store, { bob }) => store.users.changeStatus(bob.id, 'suspended', 'active'),
  ],
  'users.endSessions': [(store, { ann }) => store.users.endSessions(ann.id)],
  'users.changeAttributes': [(store, { ann }) => store.users.changeAttributes(ann.id, { region: 'north' })],
  'users.rename': [
    (store, { ann }) => store.users.rename(ann.id, { name: 'Annie' }),
    (store, { ann }) => store.users.rename(ann.id, { username: 'annie' as Username }),
  ],
  'users.delete': [(store, { ann }) => store.users.delete(ann.id)],
  'groups.delete': [
    (store) => store.groups.delete('support'),
    (store) => store.groups.delete('nested'),
    (store) => store.groups.delete('work'),
  ],
  'groups.addMember': [(store, { ann }) => store.groups.addMember('new', ann.id, 'operator', at)],
  'groups.removeMember': [
    (store, { ann }) => store.groups.removeMember('support', ann.id),
    (store, { ann }) => store.groups.removeMember('work', ann.id),
  ],
  'groups.setClaimed': [
    (store, { identity }) => store.groups.setClaimed(identity, ['work', 'more'], 'user:ann', at),
    (store, { identity }) => store.groups.setClaimed(identity, [], 'user:ann', at),
  ],
  'groups.addNesting': [(store) => store.groups.addNesting(nesting('support', 'staff'))],
  'groups.removeNesting': [(store) => store.groups.removeNesting('nested', 'staff')],
  'grants.add': [
    (store, { bob }) => store.grants.add(grantTo({ userId: bob.id })),
    (store) => store.grants.add(grantTo({ group: 'support' })),
  ],
  'grants.remove': [(store, { grant }) => store.grants.remove(grant.id)],
  'identities.delete': [(store, { identity }) => store.identities.delete(identity.id)],
};

/** Methods that do not, called so that they do what they can. */
const unchanging: Readonly<Record<string, Call>> = {
  'users.find': (store, { ann }) => store.users.find(ann.id),
  'users.findMany': (store, { ann }) => store.users.findMany([ann.id]),
  'users.findByUsername': (store, { ann }) => store.users.findByUsername(ann.username),
  'users.list': (store) => store.users.list(page),
  'users.count': (store) => store.users.count(),
  'users.emailsOf': (store, { ann }) => store.users.emailsOf([ann.id]),
  'users.passwordOf': (store, { ann }) => store.users.passwordOf(ann.id),
  'users.upgradeHash': (store, { ann }) => store.users.upgradeHash(ann.id, hash, `${hash}2`),
  'groups.list': (store) => store.groups.list(),
  'groups.create': (store) => store.groups.create('fresh', at),
  'groups.groupsOf': (store, { ann }) => store.groups.groupsOf([ann.id]),
  'groups.groupsWithout': (store, { identity }) => store.groups.groupsWithout(identity),
  'groups.membersOf': (store) => store.groups.membersOf('support', page),
  'groups.nestings': (store) => store.groups.nestings(),
  'groups.epoch': (store) => store.groups.epoch(),
  'grants.list': (store) => store.grants.list(),
  'grants.find': (store, { grant }) => store.grants.find(grant.id),
  'identities.find': (store, { identity }) => store.identities.find(identity.issuer, identity.subject),
  'identities.byId': (store, { identity }) => store.identities.byId(identity.id),
  'identities.ofUsers': (store, { ann }) => store.identities.ofUsers([ann.id]),
  'identities.insert': (store, { bob }) => store.identities.insert(identityOf(bob)),
  'identities.recordUse': (store, { identity }) =>
    store.identities.recordUse(identity.id, { authenticator: 'other', label: 'Ann', lastUsedAt: at + 1 }),
  'identities.setClaimedEmail': (store, { identity }) =>
    store.identities.setClaimedEmail(identity, { address: 'ann@example.org', verified: true }, at),
  'sessions.load': (store) => store.sessions.load(digest, alive),
  'sessions.loadUser': (store, { ann }) => store.sessions.loadUser(ann.id),
  'sessions.insert': (store, { ann }) => store.sessions.insert(sessionOf(ann)),
  'sessions.update': (store) => store.sessions.update(digest, { data: {}, lastUsedAt: at }),
  'sessions.end': (store) => store.sessions.end(digest, at),
  'sessions.endByPublicId': (store, { ann }) => store.sessions.endByPublicId(ann.id, 'x', at),
  'sessions.findByPublicId': (store) => store.sessions.findByPublicId('x', alive),
  'sessions.list': (store, { ann }) => store.sessions.list(ann.id, alive),
  'sessions.purge': (store) => store.sessions.purge(alive),
  'throttles.take': (store) => store.throttles.take([{ key: 'a', limit: 1, windowMs: 1_000 }], at),
  'throttles.giveBack': (store) => store.throttles.giveBack(['a']),
  'throttles.clear': (store) => store.throttles.clear(['a']),
  'throttles.purge': (store) => store.throttles.purge(at),
  'throttles.isKnownNetwork': (store, { ann }) => store.throttles.isKnownNetwork(ann.id, '192.0.2.0/24'),
  'throttles.rememberNetwork': (store, { ann }) =>
    store.throttles.rememberNetwork(ann.id, '192.0.2.0/24', at),
  'setupLinks.issue': (store) => store.setupLinks.issue(digest, at),
  'setupLinks.isValid': (store) => store.setupLinks.isValid(digest, at),
  'setupLinks.use': (store) => store.setupLinks.use(digest, at),
  'usedStates.use': (store) => store.usedStates.use(digest, at),
  'usedStates.purge': (store) => store.usedStates.purge(at),
  'administration.revision': (store) => store.administration.revision(),
  'administration.advance': async (store) =>
    store.administration.advance(await store.administration.revision()),
  'administration.take': (store) => store.administration.take(),
  'audit.append': (store) => store.audit.append([recordAt(at)]),
  'audit.list': (store) => store.audit.list({}, page),
  'audit.since': (store) => store.audit.since(null, 10),
  'audit.purge': (store) => store.audit.purge(at + 1),
};

const changes = Object.entries(changing).flatMap(([method, calls]) =>
  calls.map((call, index) => [`${method} (${index + 1})`, call] as const),
);

const methodsOf = (store: Store): string[] =>
  Object.entries(store).flatMap(([repository, methods]: [string, unknown]) =>
    typeof methods === 'object' && methods !== null
      ? Object.keys(methods).map((method) => `${repository}.${method}`)
      : [],
  );

describe.each(storeKinds)('changes of principals in the %s store', (kind) => {
  let opened: TestStore;
  /** The one that is listened to. */
  let store: Store;
  let house: House;
  let told: PrincipalChanges[];
  let listen: (changes: PrincipalChanges) => Promise<void>;
  beforeAll(async () => {
    opened = await openTestStore(kind);
    store = await openStore({ ...opened.options, attach: true, onChange: (each) => listen(each) });
  });
  afterAll(async () => {
    await store.close();
    await opened.close();
  });
  beforeEach(async () => {
    await opened.empty();
    const other = opened.store;
    const [ann, bob] = [userNamed('ann', { passwordHash: hash }), userNamed('bob')];
    const [identity, grant] = [identityOf(ann), grantTo({ userId: ann.id })];
    for (const user of [ann, bob]) await other.users.insert(user);
    await other.users.changeStatus(bob.id, 'active', 'suspended');
    await other.identities.insert(identity);
    await other.groups.setClaimed(identity, ['work'], 'user:ann', at);
    await other.groups.addMember('support', ann.id, 'operator', at);
    await other.groups.addNesting(nesting('nested', 'staff'));
    await other.grants.add(grant);
    house = { ann, bob, identity, grant };
    told = [];
    listen = (each) => {
      told.push(each);
      return Promise.resolve();
    };
  });

  const loadAll = async (): Promise<ReadonlyMap<string, Account>> => {
    const users = await opened.store.users.list(page);
    const ids = new Set([house.ann.id, house.bob.id, ...users.map(({ id }) => id)]);
    return new Map(
      await Promise.all([...ids].map(async (id) => [id, await opened.store.sessions.loadUser(id)] as const)),
    );
  };
  const epochOf = (all: ReadonlyMap<string, Account>) => all.get(house.ann.id)!.policyEpoch;

  test('every method of the store stands in one of the two lists', () => {
    expect([...Object.keys(changing), ...Object.keys(unchanging)].sort()).toEqual(methodsOf(store).sort());
  });

  test.each(changes)(
    '%s is told once, with all that it changed, once others can read it',
    async (_, call) => {
      const before = await loadAll();
      let atTelling: ReadonlyMap<string, Account> = new Map();
      listen = async (each) => {
        atTelling = await loadAll();
        told.push(each);
      };
      await call(store, house);
      const after = await loadAll();
      expect(after).not.toEqual(before);
      expect(atTelling).toEqual(after);
      expect(told).toHaveLength(1);
      const [{ users, policy } = { users: [], policy: false }] = told;
      expect(policy).toBe(epochOf(before) !== epochOf(after));
      const isToldOf = (id: string) => users === 'everyone' || users.includes(id);
      for (const [id, account] of after) {
        const was = before.get(id) ?? { user: null, groups: [] };
        const isAsBefore =
          isDeepStrictEqual(account.user, was.user) && isDeepStrictEqual(account.groups, was.groups);
        expect({ id, isToldOf: isAsBefore || isToldOf(id) }).toEqual({ id, isToldOf: true });
      }
    },
  );

  test.each(Object.entries(unchanging))('%s changes nothing, and nothing is told', async (_, call) => {
    const before = await loadAll();
    await call(store, house);
    expect(await loadAll()).toEqual(before);
    expect(told).toEqual([]);
  });

  test('a unit of work is told of once, after its end, and acknowledged after that', async () => {
    const order: string[] = [];
    listen = async (each) => {
      told.push(each);
      order.push(`told, and ann is ${(await opened.store.users.find(house.ann.id))!.status}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push('listened');
    };
    await store.transaction(async (unit) => {
      await unit.users.changeStatus(house.ann.id, 'active', 'suspended');
      await unit.transaction((inner) => inner.groups.addMember('new', house.bob.id, 'operator', at));
      await unit.grants.remove(house.grant.id);
      order.push('worked');
    });
    order.push('acknowledged');
    expect(order).toEqual(['worked', 'told, and ann is suspended', 'listened', 'acknowledged']);
    expect(told).toEqual([{ users: [house.ann.id, house.bob.id], policy: true }]);
  });

  test('work that fails is told of all the same, since its commit may have come through', async () => {
    const failed = store.transaction(async (unit) => {
      await unit.users.endSessions(house.ann.id);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(told).toEqual([{ users: [house.ann.id], policy: false }]);
  });

  test('calls at the same time are each told of their own', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    listen = (each) => {
      told.push(each);
      return each.users.includes(house.ann.id) ? held : Promise.resolve();
    };
    const [ann, bob] = [house.ann, house.bob].map(({ id }) => store.users.endSessions(id));
    expect(await bob).toBe(true);
    expect(await Promise.race([ann, Promise.resolve('waits')])).toBe('waits');
    release();
    expect(await ann).toBe(true);
    expect(told).toHaveLength(2);
  });

  test('an id that is none is told to nobody', async () => {
    expect(await store.users.delete('no id')).toBe(false);
    expect(await store.identities.delete(newId(systemClock))).toBe(false);
    expect(told).toEqual([]);
  });
});
