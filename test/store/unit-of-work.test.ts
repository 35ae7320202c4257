import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../src/store/store.ts';
import { defaultDeadlines } from '../../src/store/deadlines.ts';
import { openStore } from '../../src/store/open-store.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { userNamed } from './rows.ts';

describe.each(storeKinds)('a unit of work on the %s store', (kind) => {
  let opened: TestStore;
  let store: Store;
  beforeAll(async () => {
    opened = await openTestStore(kind);
    store = opened.store;
  });
  afterAll(() => opened.close());
  beforeEach(() => opened.empty());

  test('is committed whole, and answers what its work answered', async () => {
    const answer = await store.transaction(async (unit) => {
      await unit.users.insert(userNamed('ann'));
      expect(await unit.users.count()).toBe(1);
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await store.users.count()).toBe(1);
  });

  test('is rolled back whole, and rejects with the very error of its work', async () => {
    const fault = new TypeError('mine');
    const failing = store.transaction(async (unit) => {
      await unit.users.insert(userNamed('ann'));
      throw fault;
    });
    await expect(failing).rejects.toBe(fault);
    expect(await store.users.count()).toBe(0);
  });

  test('is seen by nobody before it is committed', async () => {
    const other = await openStore({ ...opened.options, attach: true });
    let seen: Promise<number> | undefined;
    await store.transaction(async (unit) => {
      await unit.users.insert(userNamed('ann'));
      seen = other.users.count();
      if (kind === 'postgresql') expect(await seen).toBe(0);
      else await sleep(50);
      await unit.users.insert(userNamed('bob'));
    });
    // Embedded, whoever asks meanwhile waits for the end of it.
    expect(await seen).toBe(kind === 'postgresql' ? 0 : 2);
    await other.close();
  });

  test('within another is a part of it that can fail alone', async () => {
    await store.transaction(async (outer) => {
      await outer.users.insert(userNamed('ann'));
      const inner = outer.transaction(async (unit) => {
        await unit.users.insert(userNamed('bob'));
        throw new Error('only this');
      });
      await expect(inner).rejects.toThrow('only this');
      await outer.transaction((unit) => unit.users.insert(userNamed('cyd')));
    });
    const names = (await store.users.list({ after: null, limit: 9 })).map(({ username }) => username);
    expect(names).toEqual(['ann', 'cyd']);
  });

  test('can not be used, or closed, once it has ended', async () => {
    let kept: Store | undefined;
    await store.transaction(async (unit) => {
      kept = unit;
      await expect(unit.close()).rejects.toThrow('can not close');
    });
    await expect(kept!.users.count()).rejects.toThrow('has ended');
    await expect(kept!.check()).rejects.toThrow('has ended');
    await expect(kept!.transaction((unit) => unit.users.count())).rejects.toThrow('has ended');
  });

  test('leaves nothing of a branch that was still at work when it failed', async () => {
    let branch: Promise<unknown> | undefined;
    const failing = store.transaction(async (unit) => {
      branch = unit.users.insert(userNamed('late', { passwordHash: '$x' })).catch((error: unknown) => error);
      await unit.check();
      throw new Error('done with it');
    });
    await expect(failing).rejects.toThrow('done with it');
    await branch;
    expect(
      await opened.sql(
        'SELECT (SELECT count(*) FROM users)::int + (SELECT count(*) FROM passwords)::int AS rows',
      ),
    ).toEqual([{ rows: 0 }]);
  });

  test('F03: of 200 requests at once, half of which roll back, no acknowledged write is lost and none is seen in between', async () => {
    const kept: string[] = [];
    const foreign: unknown[] = [];
    await Promise.all(
      Array.from({ length: 200 }, async (_, request) => {
        const name = `u${request}`;
        if (request % 2 === 0) {
          if (await store.users.insert(userNamed(name))) kept.push(name);
          if (request % 20 === 0) {
            const seen = await store.users.list({ after: null, limit: 1_000 });
            foreign.push(...seen.filter(({ name: text }) => text === 'dirty'));
          }
        } else {
          const rolledBack = store.transaction(async (unit) => {
            await unit.users.insert(userNamed(name, { name: 'dirty' }));
            await unit.users.count();
            throw new Error('rolled back');
          });
          await expect(rolledBack).rejects.toThrow('rolled back');
        }
      }),
    );
    expect(kept).toHaveLength(100);
    expect(foreign).toEqual([]);
    const names = (await store.users.list({ after: null, limit: 1_000 })).map(({ username }) => username);
    expect(names).toEqual([...kept].sort());
  });
});

describe.each(storeKinds)('on the %s store with its ordinary deadlines', (kind) => {
  let opened: TestStore;
  let bystander: Store;
  beforeAll(async () => {
    opened = await openTestStore(kind, { deadlines: defaultDeadlines });
    bystander = await openStore({ ...opened.options, attach: true });
  });
  afterAll(async () => {
    await bystander.close();
    await opened.close();
  });
  beforeEach(() => opened.empty());

  test('F04: work that waits for a row outside its unit, which the unit itself holds, ends in two seconds', async () => {
    await opened.store.users.insert(userNamed('ann'));
    const ann = (await opened.store.users.list({ after: null, limit: 1 }))[0]!;
    const before = performance.now();
    const stuck = opened.store.transaction(async (unit) => {
      await unit.users.endSessions(ann.id);
      await opened.store.users.endSessions(ann.id);
    });
    const others = sleep(100).then(() => bystander.users.count());
    await expect(stuck).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(performance.now() - before).toBeLessThan(2_600);
    expect(await others).toBe(1);
    expect(await bystander.users.insert(userNamed('bob'))).toBe(true);
  });

  test('work that never ends is UNAVAILABLE and rolled back', async () => {
    const before = performance.now();
    const endless = opened.store.transaction(async (unit) => {
      await unit.users.insert(userNamed('ann'));
      return new Promise<never>(() => undefined);
    });
    await expect(endless).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(performance.now() - before).toBeLessThan(2_600);
    expect(await bystander.users.count()).toBe(0);
  });

  test('a closed store is UNAVAILABLE, and can be closed again', async () => {
    const short = await openStore({ ...opened.options, attach: true });
    await Promise.all([short.close(), short.close()]);
    await expect(short.users.count()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(short.transaction((unit) => unit.users.count())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    await bystander.check();
  });
});
