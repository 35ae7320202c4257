import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Username } from '../../src/core/names.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, sessionOf, userNamed } from './rows.ts';

const alive = { now: at + 1, idle: 1_000, absolute: 10_000 };

describe.each(storeKinds)('users of the %s store', (kind) => {
  let opened: TestStore;
  const users = () => opened.store.users;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(() => opened.empty());

  test('an account comes back as it was inserted', async () => {
    const attributes = { department: 'support', level: 3, on: true, tags: ['a', 'b'] };
    const ann = userNamed('ann', { attributes });
    expect(await users().insert(ann)).toBe(true);
    const row = {
      id: ann.id,
      username: 'ann',
      name: 'The ann',
      status: 'active',
      attributes,
      sessionEpoch: 0,
      createdAt: at,
    };
    expect(await users().find(ann.id)).toEqual(row);
    expect(await users().findByUsername(ann.username)).toEqual(row);
    expect(await users().findMany([ann.id, userNamed('x').id, 'no id'])).toEqual([row]);
  });

  test('an account brings its addresses and its password', async () => {
    const emails = [
      { id: userNamed('x').id, address: 'ann@example.org', primary: true, verifiedAt: null },
      { id: userNamed('x').id, address: 'a@example.org', primary: false, verifiedAt: at },
    ];
    const ann = userNamed('ann', { emails, passwordHash: '$argon2id$1' });
    await users().insert(ann);
    expect(await users().emailsOf([ann.id, 'no id'])).toEqual(
      new Map([
        [ann.id, [emails[1], emails[0]]],
        ['no id', []],
      ]),
    );
    expect(await users().passwordOf(ann.id)).toBe('$argon2id$1');
    const [changed] = await opened.sql('SELECT changed_at FROM passwords');
    expect(changed).toEqual({ changed_at: new Date(at) });
  });

  test('a taken username is refused, and leaves nothing of the second account', async () => {
    const first = userNamed('ann');
    await users().insert(first);
    const second = userNamed('ann', {
      passwordHash: '$x',
      emails: [{ id: userNamed('x').id, address: 'b@example.org', primary: true, verifiedAt: null }],
    });
    expect(await users().insert(second)).toBe(false);
    expect(await users().count()).toBe(1);
    expect(await users().passwordOf(second.id)).toBeNull();
    expect(await opened.sql('SELECT 1 FROM email_addresses')).toEqual([]);
  });

  test('a taken username does not spoil the unit of work that met it', async () => {
    await users().insert(userNamed('ann'));
    await opened.store.transaction(async (store) => {
      expect(await store.users.insert(userNamed('ann'))).toBe(false);
      expect(await store.users.insert(userNamed('bob'))).toBe(true);
    });
    expect(await users().count()).toBe(2);
  });

  test('of 20 who take one name at once, one gets it', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => users().insert(userNamed('ann'))));
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  test('a list goes in pages, in the order of code points', async () => {
    for (const name of ['b', 'a_', 'é', 'a-', 'ab', 'a.']) await users().insert(userNamed(name));
    const names = async (after: string | null, limit: number) =>
      (await users().list({ after: after as Username | null, limit })).map(({ username }) => username);
    expect(await names(null, 10)).toEqual(['a-', 'a.', 'a_', 'ab', 'b', 'é']);
    expect(await names(null, 2)).toEqual(['a-', 'a.']);
    expect(await names('a.', 3)).toEqual(['a_', 'ab', 'b']);
    expect(await names('é', 3)).toEqual([]);
  });

  test('an id of another form names nobody, and is no error', async () => {
    for (const id of ['', 'root', "'; DROP TABLE users", '0'.repeat(36)]) {
      expect(await users().find(id)).toBeNull();
      expect(await users().passwordOf(id)).toBeNull();
      expect(await users().setPassword(id, '$x', at, { endSessions: true })).toBe(false);
      expect(await users().upgradeHash(id, '$x', '$y')).toBe(false);
      expect(await users().changeStatus(id, 'active', 'suspended')).toBe(false);
      expect(await users().endSessions(id)).toBe(false);
      expect(await users().changeAttributes(id, {})).toBe(false);
      expect(await users().delete(id)).toBe(false);
    }
  });

  test('a new password ends the sessions where that was asked for', async () => {
    const ann = userNamed('ann');
    await users().insert(ann);
    expect(await users().setPassword(ann.id, '$1', at, { endSessions: false })).toBe(true);
    expect((await users().find(ann.id))?.sessionEpoch).toBe(0);
    expect(await users().setPassword(ann.id, '$2', at + 1, { endSessions: true })).toBe(true);
    expect((await users().find(ann.id))?.sessionEpoch).toBe(1);
    expect(await users().passwordOf(ann.id)).toBe('$2');
    expect(await users().setPassword(userNamed('x').id, '$2', at, { endSessions: true })).toBe(false);
  });

  test('a hash is upgraded only while the old one stands', async () => {
    const ann = userNamed('ann', { passwordHash: '$old' });
    await users().insert(ann);
    expect(await users().upgradeHash(ann.id, '$other', '$new')).toBe(false);
    expect(await users().upgradeHash(ann.id, '$old', '$new')).toBe(true);
    expect(await users().passwordOf(ann.id)).toBe('$new');
    expect((await users().find(ann.id))?.sessionEpoch).toBe(0);
  });

  test('a status changes only from the old one, and suspending ends every session', async () => {
    const ann = userNamed('ann');
    await users().insert(ann);
    const session = sessionOf(ann);
    await opened.store.sessions.insert(session);
    expect(await users().changeStatus(ann.id, 'suspended', 'active')).toBe(false);
    expect(await users().changeStatus(ann.id, 'active', 'suspended')).toBe(true);
    expect(await users().changeStatus(ann.id, 'active', 'suspended')).toBe(false);
    expect(await users().changeStatus(ann.id, 'suspended', 'active')).toBe(true);
    expect((await users().find(ann.id))?.sessionEpoch).toBe(1);
    expect((await opened.store.sessions.load(session.idHash, alive)).session).toBeNull();
  });

  test('attributes are changed one by one, and removed by null', async () => {
    const ann = { ...userNamed('ann'), attributes: { level: 1, department: 'sales' } };
    await users().insert(ann);
    await Promise.all([
      users().changeAttributes(ann.id, { level: 2 }),
      users().changeAttributes(ann.id, { department: null }),
      users().changeAttributes(ann.id, { sites: ['paris', 'rome'] }),
    ]);
    expect((await users().find(ann.id))?.attributes).toEqual({ level: 2, sites: ['paris', 'rome'] });
  });

  // TypeORM's save() of a stale entity wrote back every column: it re-enabled a disabled account.
  test('a change of one thing leaves a change of another, made in between, as it is', async () => {
    const ann = userNamed('ann');
    await users().insert(ann);
    await users().changeStatus(ann.id, 'active', 'suspended');
    await users().changeAttributes(ann.id, { level: 2 });
    await users().setPassword(ann.id, '$1', at, { endSessions: true });
    expect(await users().find(ann.id)).toMatchObject({
      status: 'suspended',
      attributes: { level: 2 },
      sessionEpoch: 2,
    });
  });

  // … and inserted a deleted row again.
  test('a deleted account stays deleted, whatever comes late', async () => {
    const ann = userNamed('ann', { passwordHash: '$old' });
    await users().insert(ann);
    expect(await users().delete(ann.id)).toBe(true);
    expect(await users().changeAttributes(ann.id, { level: 2 })).toBe(false);
    expect(await users().upgradeHash(ann.id, '$old', '$new')).toBe(false);
    expect(await users().setPassword(ann.id, '$1', at, { endSessions: true })).toBe(false);
    expect(await users().endSessions(ann.id)).toBe(false);
    expect(await users().delete(ann.id)).toBe(false);
    expect(await users().count()).toBe(0);
  });

  test('a counter is exact under 50 callers at once', async () => {
    const ann = userNamed('ann');
    await users().insert(ann);
    await Promise.all(Array.from({ length: 50 }, () => users().endSessions(ann.id)));
    expect((await users().find(ann.id))?.sessionEpoch).toBe(50);
  });

  test('a deleted account takes everything of its own along', async () => {
    const ann = userNamed('ann', {
      passwordHash: '$x',
      emails: [{ id: userNamed('x').id, address: 'ann@example.org', primary: true, verifiedAt: null }],
    });
    await users().insert(ann);
    await opened.store.groups.addMember('support', ann.id, 'operator', at);
    await opened.store.sessions.insert(sessionOf(ann));
    await opened.store.throttles.rememberNetwork(ann.id, '192.0.2.0/24', at);
    await users().delete(ann.id);
    for (const table of ['passwords', 'email_addresses', 'memberships', 'sessions', 'login_networks']) {
      expect(await opened.sql(`SELECT count(*)::int AS rows FROM ${table}`)).toEqual([{ rows: 0 }]);
    }
    expect(await opened.store.groups.list()).toHaveLength(1);
  });
});
