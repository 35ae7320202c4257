import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { NewUser } from '../../src/store/contract/users.ts';
import { rounds } from '../rounds.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, sessionOf, userNamed } from './rows.ts';

const limits = { idle: 1_000, absolute: 10_000 };
const alive = (now: number) => ({ now, ...limits });

describe.each(storeKinds)('sessions of the %s store', (kind) => {
  let opened: TestStore;
  let ann: NewUser;
  const sessions = () => opened.store.sessions;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    ann = userNamed('ann', { attributes: { level: 2 } });
    await opened.store.users.insert(ann);
  });

  test('one load tells the session, the account, its groups and the policy epoch', async () => {
    for (const group of ['support', 'billing'])
      await opened.store.groups.addMember(group, ann.id, 'operator', at);
    await opened.sql('UPDATE policy_epoch SET value = 7');
    const session = sessionOf(ann, { aal: 2, amr: ['pwd', 'otp'], address: null, userAgent: null });
    await sessions().insert(session);
    for (const time of [1, 2]) {
      expect(await sessions().load(session.idHash, alive(at + time))).toEqual({
        policyEpoch: 7,
        session,
        user: await opened.store.users.find(ann.id),
        groups: ['billing', 'support'],
      });
    }
  });

  test('many who come at once get their own answer each, within a unit of work too', async () => {
    const people = Array.from({ length: 120 }, (_, index) => userNamed(`many-${index}`));
    const rows = people.map((person) => sessionOf(person));
    for (const person of people) await opened.store.users.insert(person);
    for (const row of rows) await sessions().insert(row);
    await sessions().end(rows[7]?.idHash ?? Buffer.alloc(32), at);
    const expected = rows.map((row, index) => (index === 7 ? null : row));
    const idHashes = [...rows.map(({ idHash }) => idHash), null];
    const atOnce = await Promise.all(idHashes.map((idHash) => sessions().load(idHash, alive(at + 1))));
    expect(atOnce.map(({ session }) => session)).toEqual([...expected, null]);
    expect(atOnce.map(({ user }) => user?.id)).toEqual([...expected, null].map((row) => row?.userId));
    await opened.store.transaction(async (unit) => {
      for (const [index, idHash] of idHashes.slice(0, 10).entries())
        expect((await unit.sessions.load(idHash, alive(at + 1))).session).toEqual(expected[index]);
    });
  });

  test('what was written before the load was asked for is seen, with others on their way', async () => {
    const session = sessionOf(ann);
    await sessions().insert(session);
    const load = () => sessions().load(session.idHash, alive(at + 1));
    let going = true;
    const others = Array.from({ length: 8 }, async () => {
      while (going) await load();
    });
    for (let round = 1; round <= rounds(50, 1_000); round += 1) {
      await sessions().update(session.idHash, { data: { round }, lastUsedAt: at });
      expect((await load()).session?.data).toEqual({ round });
    }
    await sessions().end(session.idHash, at);
    expect((await load()).session).toBeNull();
    going = false;
    await Promise.all(others);
  });

  test('nobody has nothing but the policy epoch', async () => {
    const nothing = { policyEpoch: 0, session: null, user: null, groups: [] };
    expect(await sessions().load(null, alive(at))).toEqual(nothing);
    expect(await sessions().load(sessionOf(ann).idHash, alive(at))).toEqual(nothing);
  });

  test('the account alone is told for sessions that are kept elsewhere', async () => {
    await opened.store.groups.addMember('support', ann.id, 'operator', at);
    const user = await opened.store.users.find(ann.id);
    expect(await sessions().loadUser(ann.id)).toEqual({ policyEpoch: 0, user, groups: ['support'] });
    for (const id of [null, 'no id', userNamed('x').id]) {
      expect(await sessions().loadUser(id)).toEqual({ policyEpoch: 0, user: null, groups: [] });
    }
    await opened.store.users.changeStatus(ann.id, 'active', 'suspended');
    expect((await sessions().loadUser(ann.id)).user).toBeNull();
  });

  test('a session is over at its idle limit and at its absolute limit, to the millisecond', async () => {
    const session = sessionOf(ann);
    await sessions().insert(session);
    const isAlive = async (now: number) =>
      (await sessions().load(session.idHash, alive(now))).session !== null;
    expect(await isAlive(at + 999)).toBe(true);
    expect(await isAlive(at + 1_000)).toBe(false);
    for (let used = at; used < at + 10_000; used += 900) {
      await sessions().update(session.idHash, { data: {}, lastUsedAt: used });
    }
    expect(await isAlive(at + 9_999)).toBe(true);
    expect(await isAlive(at + 10_000)).toBe(false);
  });

  test('a lowered limit holds for a session there is', async () => {
    const session = sessionOf(ann);
    await sessions().insert(session);
    expect(
      (await sessions().load(session.idHash, { now: at + 500, idle: 400, absolute: 10_000 })).user,
    ).toBeNull();
    expect(
      (await sessions().load(session.idHash, { now: at + 500, idle: 1_000, absolute: 400 })).user,
    ).toBeNull();
  });

  test('a session ends with its account, its suspension or its epoch', async () => {
    const session = sessionOf(ann);
    await sessions().insert(session);
    await opened.store.users.endSessions(ann.id);
    expect((await sessions().load(session.idHash, alive(at + 1))).session).toBeNull();
    expect(await sessions().list(ann.id, alive(at + 1))).toEqual([]);
    expect(await sessions().update(session.idHash, { data: {}, lastUsedAt: at + 1 })).toBe(false);
    const next = sessionOf(ann, { sessionEpoch: 1 });
    await sessions().insert(next);
    expect((await sessions().load(next.idHash, alive(at + 1))).session).not.toBeNull();
    await opened.store.users.delete(ann.id);
    expect((await sessions().load(next.idHash, alive(at + 1))).session).toBeNull();
  });

  test('a session can not begin for an account that is gone', async () => {
    await expect(sessions().insert(sessionOf(userNamed('x')))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('an update writes data and the latest use, in whatever order uses arrive', async () => {
    const session = sessionOf(ann);
    await sessions().insert(session);
    const data = { csrf: 'new', nested: { quote: `'";--` } };
    expect(await sessions().update(session.idHash, { data, lastUsedAt: at + 50 })).toBe(true);
    expect(await sessions().update(session.idHash, { data, lastUsedAt: at + 20 })).toBe(true);
    expect((await sessions().load(session.idHash, alive(at + 60))).session).toEqual({
      ...session,
      data,
      lastUsedAt: at + 50,
    });
  });

  test('an ended session is ended once, and no write makes it live', async () => {
    const session = sessionOf(ann);
    await sessions().insert(session);
    expect(await sessions().end(session.idHash, at + 1)).toBe(true);
    expect(await sessions().end(session.idHash, at + 2)).toBe(false);
    expect(await sessions().update(session.idHash, { data: {}, lastUsedAt: at + 3 })).toBe(false);
    expect((await sessions().load(session.idHash, alive(at + 3))).session).toBeNull();
    await sessions().purge(alive(at + 3));
    expect(await sessions().update(session.idHash, { data: {}, lastUsedAt: at + 4 })).toBe(false);
    expect(await opened.sql('SELECT 1 FROM sessions')).toEqual([]);
  });

  test('an account ends its sessions by their public ids, and nobody else does', async () => {
    const session = sessionOf(ann);
    await sessions().insert(session);
    const bob = userNamed('bob');
    await opened.store.users.insert(bob);
    expect(await sessions().endByPublicId(bob.id, session.publicId, at + 1)).toBe(false);
    expect(await sessions().endByPublicId('no id', session.publicId, at + 1)).toBe(false);
    expect(await sessions().endByPublicId(ann.id, session.publicId, at + 1)).toBe(true);
    expect(await sessions().endByPublicId(ann.id, session.publicId, at + 1)).toBe(false);
  });

  test('a list has the sessions that are alive, newest use first', async () => {
    const [old, fresh, ended, idle] = [
      sessionOf(ann, { lastUsedAt: at + 10 }),
      sessionOf(ann, { lastUsedAt: at + 20 }),
      sessionOf(ann, { lastUsedAt: at + 30 }),
      sessionOf(ann, { createdAt: at - 5_000, lastUsedAt: at - 5_000 }),
    ];
    for (const session of [old, fresh, ended, idle]) await sessions().insert(session);
    await sessions().end(ended.idHash, at + 31);
    expect(await sessions().list(ann.id, alive(at + 40))).toEqual([fresh, old]);
    expect(await sessions().list('no id', alive(at + 40))).toEqual([]);
    expect(await sessions().purge(alive(at + 40))).toBe(2);
    expect(await sessions().list(ann.id, alive(at + 40))).toEqual([fresh, old]);
  });

  test('C26: a write in flight never revives a session that was ended', async () => {
    let revived = 0;
    for (let round = 0; round < rounds(50, 1_000); round += 1) {
      const session = sessionOf(ann);
      await sessions().insert(session);
      const write = (use: number) =>
        sessions().update(session.idHash, { data: { use }, lastUsedAt: at + use });
      await Promise.all([write(1), write(2), sessions().end(session.idHash, at + 3), write(4), write(5)]);
      if ((await sessions().load(session.idHash, alive(at + 6))).session !== null) revived += 1;
    }
    expect(revived).toBe(0);
  });
});
