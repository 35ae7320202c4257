import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import type { Username } from '../../src/core/names.ts';
import { keptFor, markedFor } from '../../src/sessions/principal-scripts.ts';
import type { SessionRow } from '../../src/store/contract/sessions.ts';
import type { UserRow } from '../../src/store/contract/users.ts';
import { newDice } from '../property/grant-histories/dice.ts';
import { rounds } from '../rounds.ts';
import { grantTo, nesting, sessionOf } from '../store/rows.ts';
import { startFreezableRedis } from './freezable-redis.ts';
import { insertUser } from './insert-user.ts';
import { limits } from './open-test-backend.ts';
import { openRedisHouse, type Process, redisUrl, type RedisHouse } from './open-redis-house.ts';

const now = () => systemClock.now();
const alive = () => ({ ...limits, now: now() });

// Principals are kept beside sessions only where sessions are in Redis.
if (redisUrl === '') {
  test('what is marked outlives what was kept before it', () => {
    expect(markedFor).toBeGreaterThan(keptFor);
  });
}

if (redisUrl !== '')
  describe('principals beside their sessions in Redis', () => {
    let house: RedisHouse;
    let one: Process;
    let two: Process;
    let ann: UserRow;
    let bob: UserRow;
    beforeAll(async () => {
      house = await openRedisHouse();
      [one, two] = [await house.join(), await house.join()];
    });
    afterAll(() => house.close());
    beforeEach(async () => {
      await house.forget();
      await house.database.empty();
      ann = await insertUser(house.database.store, systemClock, 'ann');
      bob = await insertUser(house.database.store, systemClock, 'bob');
    });

    const begin = async (user: UserRow): Promise<SessionRow> => {
      const { sessionEpoch } = (await house.database.store.users.find(user.id))!;
      const row = sessionOf(user, { sessionEpoch, authTime: now(), createdAt: now(), lastUsedAt: now() });
      await one.backend.insert(row);
      return row;
    };
    const load = ({ backend }: Process, row: SessionRow | null) => backend.load(row?.idHash ?? null, alive());
    /** What the database alone would answer. */
    const truth = async (row: SessionRow | null) => {
      const { policyEpoch, user, groups } = await house.database.store.sessions.loadUser(row?.userId ?? null);
      return row !== null && user?.sessionEpoch === row.sessionEpoch
        ? { policyEpoch, user, groups, session: row }
        : { policyEpoch, user: null, groups: [], session: null };
    };
    const groupsOf = async (process: Process, row: SessionRow) => (await load(process, row)).groups;
    /** Lets the marks of a change go by. */
    const settle = () => sleep(markedFor + 50);

    test('the database is asked once a second for each, whichever process is asked', async () => {
      const row = await begin(ann);
      const before = one.asked() + two.asked();
      const answer = await load(one, row);
      expect(answer).toEqual({ ...(await truth(row)), session: row });
      expect(await load(two, row)).toEqual(answer);
      expect(await load(one, row)).toEqual(answer);
      expect(await load(two, null)).toEqual({ ...answer, session: null, user: null, groups: [] });
      expect(one.asked() + two.asked()).toBe(before + 1);
      await sleep(keptFor + 50);
      expect(await load(two, row)).toEqual(answer);
      expect(one.asked() + two.asked()).toBe(before + 2);
    });

    test('of many who ask at once, the database is asked for each account once', async () => {
      const rows = [await begin(ann), await begin(ann), await begin(bob)];
      const before = one.asked();
      const answers = await Promise.all([...rows, ...rows].map((row) => load(one, row)));
      expect(answers.map(({ user }) => user?.username)).toEqual(['ann', 'ann', 'bob', 'ann', 'ann', 'bob']);
      expect(answers.map(({ session }) => session)).toEqual([...rows, ...rows]);
      expect(one.asked()).toBe(before + 2);
    });

    test('everything that is kept of principals is gone a second later, and names nobody longer', async () => {
      await load(one, await begin(ann));
      await one.store.groups.addMember('support', bob.id, 'operator', now());
      await one.store.grants.add(grantTo({ userId: bob.id }));
      await one.store.groups.delete('support');
      const kept = (await house.client.keys(`${house.prefix}*`)).filter(
        (key) => key.includes(':principal') || key.includes(':policy-epoch'),
      );
      expect(kept).toHaveLength(4);
      for (const key of kept) {
        const left = await house.client.pTTL(key);
        expect(left).toBeGreaterThan(0);
        expect(left).toBeLessThanOrEqual(markedFor);
      }
    });

    const changes: readonly (readonly [string, (process: Process) => Promise<unknown>])[] = [
      ['a suspension', ({ store }) => store.users.changeStatus(ann.id, 'active', 'suspended')],
      ['a deletion', ({ store }) => store.users.delete(ann.id)],
      ['the end of every session', ({ store }) => store.users.endSessions(ann.id)],
      ['another name', ({ store }) => store.users.rename(ann.id, { username: 'annie' as Username })],
      ['an attribute', ({ store }) => store.users.changeAttributes(ann.id, { region: 'north' })],
      ['a membership', ({ store }) => store.groups.addMember('staff', ann.id, 'operator', now())],
      ['a membership that ends', ({ store }) => store.groups.removeMember('support', ann.id)],
      ['the deletion of a group', ({ store }) => store.groups.delete('support')],
      ['a nesting', ({ store }) => store.groups.addNesting(nesting('support', 'staff'))],
      ['a grant', ({ store }) => store.grants.add(grantTo({ userId: bob.id }))],
    ];

    test.each(changes)(
      'C46: %s acts at the next request, an answer read before it notwithstanding',
      async (_name, change) => {
        await one.store.groups.addMember('support', ann.id, 'operator', now());
        await settle();
        const row = await begin(ann);
        const before = await load(one, row);
        await sleep(keptFor + 50);
        // An old answer on its way: it has been read, and is written when the change has been acknowledged.
        let arrived: () => void = () => undefined;
        let release: () => void = () => undefined;
        const reading = new Promise<void>((resolve) => (arrived = resolve));
        const held = new Promise<void>((resolve) => (release = resolve));
        two.hold = () => {
          arrived();
          two.hold = () => Promise.resolve();
          return held;
        };
        const late = load(two, row);
        await reading;
        await change(one);
        const after = await truth(row);
        expect(after).not.toEqual(before);
        expect(await load(one, row)).toEqual(after);
        release();
        expect(await late).toEqual(before);
        expect(await load(one, row)).toEqual(after);
        expect(await load(two, row)).toEqual(after);
        expect((await load(two, null)).policyEpoch).toBe(after.policyEpoch);
      },
    );

    test('an answer that comes when the mark of a change has gone is not kept', async () => {
      const row = await begin(ann);
      let release: () => void = () => undefined;
      two.hold = () => {
        two.hold = () => Promise.resolve();
        return new Promise((resolve) => (release = resolve));
      };
      const late = load(two, row);
      await sleep(100);
      await one.store.groups.addMember('support', ann.id, 'operator', now());
      await settle();
      release();
      expect((await late).groups).toEqual([]);
      expect(await groupsOf(one, row)).toEqual(['support']);
      expect(await groupsOf(two, row)).toEqual(['support']);
    });

    test('what has changed is kept again once its mark has gone', async () => {
      const row = await begin(ann);
      await one.store.groups.addMember('support', ann.id, 'operator', now());
      const before = two.asked();
      expect(await groupsOf(two, row)).toEqual(['support']);
      expect(await groupsOf(two, row)).toEqual(['support']);
      expect(two.asked()).toBe(before + 2);
      await settle();
      expect(await groupsOf(two, row)).toEqual(['support']);
      expect(await groupsOf(two, row)).toEqual(['support']);
      expect(two.asked()).toBe(before + 3);
    });

    test('a change past the server acts within a second', async () => {
      const row = await begin(ann);
      expect((await load(one, row)).user?.username).toBe('ann');
      await house.database.sql("UPDATE users SET status = 'suspended' WHERE id = $1", [ann.id]);
      const changed = performance.now();
      while ((await load(one, row)).user !== null) await sleep(10);
      expect(performance.now() - changed).toBeLessThan(keptFor + 500);
    });

    test('a principal of another policy epoch is not believed: names and grants are of one moment', async () => {
      const row = await begin(ann);
      const { policyEpoch } = await load(one, row);
      await house.client.set(`${house.prefix}policy-epoch`, String(policyEpoch + 7));
      const before = one.asked();
      expect(await load(one, row)).toEqual(await truth(row));
      expect(one.asked()).toBe(before + 1);
    });

    test.each([
      ['no JSON', () => '{"policyEpoch":'],
      ['another shape', () => '{"policyEpoch":0,"user":{"id":1},"groups":["superusers"]}'],
      ['no groups', (kept: string) => kept.replace('"groups":[]', '"groups":"superusers"')],
      ['somebody else', (kept: string) => kept.replaceAll(ann.id, bob.id)],
      ['nothing', () => ''],
    ])('text that is no principal of that account (%s) is as if it were not there', async (_name, spoil) => {
      const row = await begin(ann);
      const answer = await load(one, row);
      const key = `${house.prefix}principal:${ann.id}`;
      await house.client.set(key, spoil((await house.client.get(key))!));
      const before = one.asked();
      expect(await load(one, row)).toEqual(answer);
      expect(one.asked()).toBe(before + 1);
    });

    test.each([
      ['row', '{'],
      ['row', '{"userId":"x"}'],
      ['row', 'null'],
      ['data', '[]'],
      ['data', ''],
      ['lastUsedAt', 'soon'],
    ])(
      'a session whose %s is %j is nobody’s, and those asked for beside it are well',
      async (field, text) => {
        const [spoilt, well] = [await begin(ann), await begin(ann)];
        await house.client.hSet(`${house.prefix}session:${spoilt.idHash.toString('hex')}`, field, text);
        const answers = await Promise.all([load(one, spoilt), load(one, well), load(one, null)]);
        expect(answers.map(({ session }) => session)).toEqual([null, well, null]);
        expect(answers.map(({ user }) => user?.username ?? null)).toEqual([null, 'ann', null]);
      },
    );

    test('a session whose account is another’s does not get that account’s principal', async () => {
      const [theirs, own] = [await begin(bob), await begin(ann)];
      await one.store.groups.addMember('superusers', bob.id, 'operator', now());
      await settle();
      await Promise.all([load(one, theirs), load(one, own)]);
      await house.client.hSet(`${house.prefix}session:${own.idHash.toString('hex')}`, 'userId', bob.id);
      expect(await load(one, own)).toEqual(await truth(own));
    });

    test('a session of an older version is loaded with its account, and kept beside it once it is used', async () => {
      const row = await begin(ann);
      await house.client.hDel(`${house.prefix}session:${row.idHash.toString('hex')}`, 'userId');
      const before = one.asked();
      expect(await load(one, row)).toEqual(await truth(row));
      expect(await load(one, row)).toEqual(await truth(row));
      expect(one.asked()).toBe(before + 2);
      expect(await one.backend.update(row.idHash, row)).toBe(true);
      expect(await load(one, row)).toEqual(await truth(row));
      expect(one.asked()).toBe(before + 2);
    });

    test('a Redis that has forgotten the scripts is told them again', async () => {
      const row = await begin(ann);
      await load(one, row);
      await house.client.scriptFlush();
      expect(await load(one, row)).toEqual(await truth(row));
      await house.client.scriptFlush();
      expect(await one.store.groups.addMember('support', ann.id, 'operator', now())).toBe(true);
      expect(await groupsOf(two, row)).toEqual(['support']);
    });

    test('C46: where Redis is silent to whoever changes something, it is acknowledged when nothing old is kept any more', async () => {
      const proxy = await startFreezableRedis(new URL(redisUrl));
      const warnings: string[] = [];
      const log = {
        debug: () => undefined,
        info: () => undefined,
        error: () => undefined,
        warn: (fields: object) => {
          warnings.push((fields as { event: string }).event);
        },
      };
      const cut = await house.join({ url: proxy.url, log });
      const row = await begin(ann);
      proxy.freeze();
      for (const group of ['a', 'b']) {
        await load(two, row);
        const reading = (async () => {
          const until = performance.now() + 2 * keptFor;
          while (performance.now() < until) {
            await load(two, row);
            await sleep(5);
          }
        })();
        const begun = performance.now();
        await cut.store.groups.addMember(group, ann.id, 'operator', now());
        expect(performance.now() - begun).toBeGreaterThanOrEqual(keptFor);
        expect(await groupsOf(two, row)).toContain(group);
        await reading;
      }
      expect(warnings).toEqual(['redis.change-not-told']);
      proxy.close();
    });

    test('C46: whatever two processes change at random, both answer as the database does once it is acknowledged', async () => {
      const seed = now();
      const dice = newDice(seed);
      const people = [ann, bob];
      const sessions = new Map(
        await Promise.all(people.map(async (user) => [user.id, await begin(user)] as const)),
      );
      const groups = ['support', 'staff', 'auditors'];
      const deeds: readonly ((process: Process, user: UserRow) => Promise<unknown>)[] = [
        ({ store }, { id }) => store.groups.addMember(dice.one(groups), id, 'operator', now()),
        ({ store }, { id }) => store.groups.addMember(dice.one(groups), id, 'operator', now()),
        ({ store }, { id }) => store.groups.removeMember(dice.one(groups), id),
        ({ store }) => store.groups.delete(dice.one(groups)),
        ({ store }, { id }) => store.users.endSessions(id),
        ({ store }, { id }) => store.users.changeStatus(id, 'active', 'suspended'),
        ({ store }, { id }) => store.users.changeStatus(id, 'suspended', 'active'),
        ({ store }, { id }) => store.users.changeAttributes(id, { level: dice.throw(1_000) }),
        ({ store }, { id }) => store.users.rename(id, { username: `u${dice.throw(3)}` as Username }),
        ({ store }, { id }) => store.grants.add(grantTo({ userId: id }, { action: dice.one(['read', '*']) })),
        async ({ store }) => store.grants.remove((await store.grants.list())[0]?.id ?? newId(systemClock)),
        ({ store }) => store.groups.addNesting(nesting(dice.one(groups), 'all')),
        ({ store }, { id }) =>
          store.transaction(async (unit) => {
            await unit.groups.addMember(dice.one(groups), id, 'operator', now());
            await unit.users.changeAttributes(id, { level: dice.throw(1_000) });
          }),
      ];
      let over = false;
      const readers = [one, two].map(async (process) => {
        while (!over) {
          await Promise.all([null, ...sessions.values()].map((row) => load(process, row)));
          await sleep(dice.throw(4));
        }
      });
      try {
        for (let round = 0; round < rounds(80, 2_000); round += 1) {
          await dice.one(deeds)(dice.one([one, two]), dice.one(people));
          for (const row of [null, ...sessions.values()]) {
            const answers = await Promise.all([load(one, row), load(two, row)]);
            const expected = await truth(row);
            expect({ seed, round, answers }).toEqual({ seed, round, answers: [expected, expected] });
            // Whoever may log in again does.
            const user = row === null ? null : await one.store.users.find(row.userId);
            if (expected.user === null && user?.status === 'active') sessions.set(user.id, await begin(user));
          }
          if (dice.chance(0.1)) await sleep(dice.throw(1_200));
        }
      } finally {
        over = true;
        await Promise.all(readers);
      }
    });

    test('C46: where nothing answers for Redis at all, the same', async () => {
      const proxy = await startFreezableRedis(new URL(redisUrl));
      const cut = await house.join({ url: proxy.url });
      const row = await begin(ann);
      await load(two, row);
      proxy.close();
      await sleep(50);
      await cut.store.groups.addMember('support', ann.id, 'operator', now());
      expect(await groupsOf(two, row)).toEqual(['support']);
    });
  });
