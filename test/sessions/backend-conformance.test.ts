import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newId, newToken } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { digestOf, Secret } from '../../src/core/secret.ts';
import { openRedis } from '../../src/sessions/redis-client.ts';
import { createRedisSessions } from '../../src/sessions/redis-sessions.ts';
import type { SessionRow } from '../../src/store/contract/sessions.ts';
import type { UserRow } from '../../src/store/contract/users.ts';
import { backendKinds, limits, openTestBackend, type TestBackend } from './open-test-backend.ts';
import { insertUser } from './insert-user.ts';
import { manualClock } from './manual-clock.ts';

const clock = manualClock(Date.now());
const phc = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
const alive = () => ({ ...limits, now: clock.now() });

const rowOf = (user: UserRow, changes: Partial<SessionRow> = {}): SessionRow => ({
  idHash: digestOf(newToken()),
  publicId: newId(clock),
  userId: user.id,
  authenticator: 'password',
  amr: ['pwd', 'otp'],
  aal: 2,
  authTime: clock.now(),
  sessionEpoch: user.sessionEpoch,
  createdAt: clock.now(),
  lastUsedAt: clock.now(),
  address: '198.51.100.9',
  userAgent: 'Browser "1.0" é',
  data: { csrf: 'token', nested: { list: [1, null, 'x'] } },
  ...changes,
});

describe.each(backendKinds)('sessions kept on %s', (kind) => {
  let kept: TestBackend;
  let ann: UserRow;
  let bob: UserRow;
  beforeAll(async () => {
    kept = await openTestBackend(kind);
  });
  afterAll(() => kept.close());
  beforeEach(async () => {
    await kept.empty();
    ann = await insertUser(kept.store, clock, 'ann');
    bob = await insertUser(kept.store, clock, 'bob');
  });
  const begin = async (user: UserRow, changes: Partial<SessionRow> = {}) => {
    const row = rowOf(user, changes);
    await kept.backend.insert(row);
    return row;
  };
  const sessionOf = async ({ idHash }: SessionRow) => (await kept.backend.load(idHash, alive())).session;

  test('a session comes back as it went in, with its account, its groups and the policy epoch', async () => {
    const row = await begin(ann);
    await kept.store.groups.addMember('support', ann.id, 'operator', clock.now());
    await kept.store.groups.addNesting({
      id: newId(clock),
      member: 'a',
      group: 'b',
      by: 'operator',
      at: clock.now(),
    });
    expect(await kept.backend.load(row.idHash, alive())).toEqual({
      session: row,
      user: ann,
      groups: ['support'],
      policyEpoch: await kept.store.groups.epoch(),
    });
  });

  test('nobody has a session, but learns the policy epoch', async () => {
    await kept.store.groups.addNesting({
      id: newId(clock),
      member: 'a',
      group: 'b',
      by: 'operator',
      at: clock.now(),
    });
    const nobody = { session: null, user: null, groups: [], policyEpoch: await kept.store.groups.epoch() };
    expect(nobody.policyEpoch).toBeGreaterThan(0);
    expect(await kept.backend.load(null, alive())).toEqual(nobody);
    expect(await kept.backend.load(digestOf('unknown'), alive())).toEqual(nobody);
  });

  test('an ended session is over, once, and no write brings it back', async () => {
    const row = await begin(ann);
    expect(await kept.backend.end(row.idHash, clock.now())).toBe(true);
    expect(await kept.backend.end(row.idHash, clock.now())).toBe(false);
    expect(await kept.backend.update(row.idHash, { data: { late: true }, lastUsedAt: clock.now() })).toBe(
      false,
    );
    expect(await sessionOf(row)).toBeNull();
    expect(await kept.backend.list(ann.id, alive())).toEqual([]);
    await expect(kept.backend.insert(row)).rejects.toThrow();
    expect(await sessionOf(row)).toBeNull();
  });

  test('a session that never was can be neither changed nor ended', async () => {
    const idHash = digestOf('never');
    expect(await kept.backend.update(idHash, { data: {}, lastUsedAt: clock.now() })).toBe(false);
    expect(await kept.backend.end(idHash, clock.now())).toBe(false);
    expect((await kept.backend.load(idHash, alive())).session).toBeNull();
  });

  test('of an end and many updates at the same time, the end stands', async () => {
    for (let round = 0; round < 10; round += 1) {
      const row = await begin(ann);
      const change = { data: { round }, lastUsedAt: clock.now() };
      await Promise.all([
        ...Array.from({ length: 8 }, () => kept.backend.update(row.idHash, change)),
        kept.backend.end(row.idHash, clock.now()),
        ...Array.from({ length: 8 }, () => kept.backend.update(row.idHash, change)),
      ]);
      expect(await sessionOf(row)).toBeNull();
    }
  });

  test('data and last use can be changed', async () => {
    const row = await begin(ann);
    const change = { data: { csrf: 'other' }, lastUsedAt: clock.now() + 1_000 };
    expect(await kept.backend.update(row.idHash, change)).toBe(true);
    expect(await sessionOf(row)).toEqual({ ...row, ...change });
  });

  test.each([
    ['a suspended account', () => kept.store.users.changeStatus(ann.id, 'active', 'suspended')],
    ['a new password', () => kept.store.users.setPassword(ann.id, phc, clock.now(), { endSessions: true })],
    ['ending every session', () => kept.store.users.endSessions(ann.id)],
    ['a deleted account', () => kept.store.users.delete(ann.id)],
  ])('%s ends every session of the account, and nobody else loses theirs', async (_name, act) => {
    const [first, second, other] = [await begin(ann), await begin(ann), await begin(bob)];
    expect(await act()).toBe(true);
    expect(await sessionOf(first)).toBeNull();
    expect(await sessionOf(second)).toBeNull();
    expect(await kept.backend.list(ann.id, alive())).toEqual([]);
    expect(await sessionOf(other)).toEqual(other);
  });

  test('a reactivated account does not get its old sessions back', async () => {
    const row = await begin(ann);
    await kept.store.users.changeStatus(ann.id, 'active', 'suspended');
    await kept.store.users.changeStatus(ann.id, 'suspended', 'active');
    expect(await sessionOf(row)).toBeNull();
  });

  test('a session is over at its idle limit, and at its absolute one however busy', async () => {
    const row = await begin(ann);
    clock.advance(limits.idle - 1_000);
    expect(await sessionOf(row)).not.toBeNull();
    clock.advance(1_001);
    expect(await sessionOf(row)).toBeNull();
    expect(await kept.backend.list(ann.id, alive())).toEqual([]);

    const busy = await begin(ann);
    for (let used = 0; used < limits.absolute; used += limits.idle / 2) {
      expect(await sessionOf(busy)).not.toBeNull();
      await kept.backend.update(busy.idHash, { data: busy.data, lastUsedAt: clock.now() });
      clock.advance(limits.idle / 2);
    }
    expect(await sessionOf(busy)).toBeNull();
  });

  test('lowered limits hold for sessions that exist', async () => {
    const row = await begin(ann);
    clock.advance(10 * 60_000);
    expect((await kept.backend.load(row.idHash, { ...alive(), idle: 5 * 60_000 })).session).toBeNull();
    expect((await kept.backend.load(row.idHash, { ...alive(), absolute: 5 * 60_000 })).session).toBeNull();
    expect(await kept.backend.list(ann.id, { ...alive(), idle: 5 * 60_000 })).toEqual([]);
    expect(await sessionOf(row)).not.toBeNull();
  });

  test("an account's sessions are listed, last used first", async () => {
    const older = await begin(ann);
    clock.advance(1_000);
    const newer = await begin(ann);
    await begin(bob);
    expect((await kept.backend.list(ann.id, alive())).map((row) => row.publicId)).toEqual([
      newer.publicId,
      older.publicId,
    ]);
    await kept.backend.update(older.idHash, { data: {}, lastUsedAt: clock.now() + 1 });
    expect((await kept.backend.list(ann.id, alive())).map((row) => row.publicId)).toEqual([
      older.publicId,
      newer.publicId,
    ]);
  });

  test('a session is ended by its public id only for its own account', async () => {
    const row = await begin(ann);
    expect(await kept.backend.endByPublicId(bob.id, row.publicId, clock.now())).toBe(false);
    expect(await sessionOf(row)).not.toBeNull();
    expect(await kept.backend.endByPublicId(ann.id, row.publicId, clock.now())).toBe(true);
    expect(await kept.backend.endByPublicId(ann.id, row.publicId, clock.now())).toBe(false);
    expect(await sessionOf(row)).toBeNull();
  });

  test('a session that is alive is found by its public id', async () => {
    const row = await begin(ann);
    await begin(ann);
    expect(await kept.backend.findByPublicId(row.publicId, alive())).toEqual(row);
    const change = { data: { csrf: 'other' }, lastUsedAt: clock.now() + 1_000 };
    await kept.backend.update(row.idHash, change);
    expect(await kept.backend.findByPublicId(row.publicId, alive())).toEqual({ ...row, ...change });
    for (const unknown of [newId(clock), '', '*', `${row.publicId}\0`]) {
      expect(await kept.backend.findByPublicId(unknown, alive())).toBeNull();
    }
  });

  test('a public id finds no session that has ended or expired, nor one of an account that may not log in', async () => {
    const find = (row: SessionRow, changes: Partial<typeof limits> = {}) =>
      kept.backend.findByPublicId(row.publicId, { ...alive(), ...changes });
    const ended = await begin(bob);
    await kept.backend.end(ended.idHash, clock.now());
    expect(await find(ended)).toBeNull();

    const row = await begin(bob);
    clock.advance(60_000);
    expect(await find(row, { idle: 60_000 })).toBeNull();
    expect(await find(row, { absolute: 60_000 })).toBeNull();
    expect(await find(row)).not.toBeNull();
    await kept.store.users.endSessions(bob.id);
    expect(await find(row)).toBeNull();

    const other = await begin(ann);
    await kept.store.users.changeStatus(ann.id, 'active', 'suspended');
    expect(await find(other)).toBeNull();
    await kept.store.users.delete(ann.id);
    expect(await find(other)).toBeNull();
  });

  test('purging leaves what is alive', async () => {
    const gone = await begin(ann);
    await kept.backend.end(gone.idHash, clock.now());
    const row = await begin(ann);
    await kept.backend.purge(alive());
    expect(await sessionOf(row)).toEqual(row);
    expect(await sessionOf(gone)).toBeNull();
  });
});

// Where no Redis is named the suite above has run on everything there is.
if (backendKinds.some((kind) => kind === 'redis'))
  describe('sessions that an older version keeps in Redis, without a key for their public id', () => {
    let kept: TestBackend;
    let client: Awaited<ReturnType<typeof openRedis>>;
    let ann: UserRow;
    const prefix = `portcullis-test:${newToken()}:`;
    beforeAll(async () => {
      kept = await openTestBackend('embedded');
      ann = await insertUser(kept.store, clock, 'ann');
      client = await openRedis(new Secret(process.env['REDIS_URL'] ?? ''), silentLog);
    });
    afterAll(async () => {
      for (const key of await client.keys(`${prefix}*`)) await client.del(key);
      client.destroy();
      await kept.close();
    });

    test('are found by it once they are used or listed, and end by it at once', async () => {
      const backend = createRedisSessions({ client, store: kept.store, prefix, limits });
      const [used, listed, ended] = [rowOf(ann), rowOf(ann), rowOf(ann)];
      for (const row of [used, listed, ended]) {
        await backend.insert(row);
        expect(await client.del(`${prefix}session-named:${row.publicId}`)).toBe(1);
        expect((await backend.load(row.idHash, alive())).session).toEqual(row);
        expect(await backend.findByPublicId(row.publicId, alive())).toBeNull();
      }
      expect(await backend.endByPublicId(ann.id, ended.publicId, clock.now())).toBe(true);
      await backend.update(used.idHash, { data: used.data, lastUsedAt: clock.now() });
      expect(await backend.findByPublicId(used.publicId, alive())).toEqual(used);
      expect(await backend.findByPublicId(listed.publicId, alive())).toBeNull();
      expect(await backend.list(ann.id, alive())).toHaveLength(2);
      expect(await backend.findByPublicId(listed.publicId, alive())).toEqual(listed);
      expect(await backend.findByPublicId(ended.publicId, alive())).toBeNull();
    });

    test('leave no key behind that lives longer than a session may', async () => {
      for (const key of await client.keys(`${prefix}*`)) {
        const left = await client.pTTL(key);
        expect(left).toBeGreaterThan(0);
        expect(left).toBeLessThanOrEqual(key.includes('sessions-of') ? limits.absolute : limits.idle);
      }
    });
  });
