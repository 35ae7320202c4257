import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openStore } from '../../src/store/open-store.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, userNamed } from './rows.ts';

describe.each(storeKinds)('throttles of the %s store', (kind) => {
  let opened: TestStore;
  const throttles = () => opened.store.throttles;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(() => opened.empty());

  const bucket = (key: string, limit: number, windowMs = 1_000) => ({ key, limit, windowMs });

  test('a bucket counts within a window that begins with its first attempt', async () => {
    const one = [bucket('a', 2)];
    expect(await throttles().take(one, at)).toEqual([]);
    expect(await throttles().take(one, at + 400)).toEqual([]);
    expect(await throttles().take(one, at + 600)).toEqual([{ key: 'a', retryAfterMs: 400 }]);
    expect(await throttles().take(one, at + 999)).toEqual([{ key: 'a', retryAfterMs: 1 }]);
    expect(await throttles().take(one, at + 1_000)).toEqual([]);
    expect(await throttles().take(one, at + 1_900)).toEqual([]);
    expect(await throttles().take(one, at + 1_999)).toEqual([{ key: 'a', retryAfterMs: 1 }]);
  });

  test('where one bucket is full, none is taken from', async () => {
    await throttles().take([bucket('a', 1)], at);
    expect(await throttles().take([bucket('a', 1), bucket('b', 2)], at)).toHaveLength(1);
    expect(await throttles().take([bucket('b', 2)], at)).toEqual([]);
    expect(await throttles().take([bucket('b', 2)], at)).toEqual([]);
    expect(await throttles().take([bucket('c', 9), bucket('b', 2), bucket('a', 1)], at)).toEqual([
      { key: 'a', retryAfterMs: 1_000 },
      { key: 'b', retryAfterMs: 1_000 },
    ]);
  });

  test('a bucket that was only looked at begins its window with its first attempt', async () => {
    await throttles().take([bucket('full', 1)], at);
    await throttles().take([bucket('full', 1), bucket('b', 1)], at);
    expect(await throttles().take([bucket('b', 1)], at - 5)).toEqual([]);
    expect(await throttles().take([bucket('b', 1)], at)).toEqual([{ key: 'b', retryAfterMs: 995 }]);
  });

  test('attempts are given back, and old buckets are purged', async () => {
    await throttles().take([bucket('a', 1), bucket('b', 1), bucket('c', 1, 5_000)], at);
    await throttles().clear(['a', 'nobody']);
    await throttles().clear([]);
    expect(await throttles().take([bucket('a', 1)], at)).toEqual([]);
    expect(await throttles().purge(at + 1_000)).toBe(2);
    expect(await throttles().take([bucket('c', 1)], at + 1_000)).toHaveLength(1);
    expect(await throttles().take([], at)).toEqual([]);
  });

  if (kind === 'postgresql') {
    // The rows lie in the other order than that of their keys, and a scan of the table would lock them as they lie.
    test('a success and a failure of one account at once do not wait for each other in a deadlock', async () => {
      for (const key of ['z', 'a']) await throttles().take([bucket(key, 9)], at);
      const failure = new pg.Client({ connectionString: opened.options.databaseUrl?.reveal() });
      await failure.connect();
      await failure.query("BEGIN; SELECT key FROM throttle_buckets WHERE key = 'a' FOR UPDATE");
      const success = throttles().clear(['z', 'a']);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const next = failure.query("SELECT key FROM throttle_buckets WHERE key = 'z' FOR UPDATE NOWAIT");
      await expect(next).resolves.toMatchObject({ rowCount: 1 });
      await failure.query('COMMIT');
      await failure.end();
      await success;
      expect(await opened.sql('SELECT key FROM throttle_buckets')).toEqual([]);
    });
  }

  test('C08: of 120 attempts at once from two stores, exactly as many pass as the limit says', async () => {
    const other = await openStore({ ...opened.options, attach: true });
    const passed = (
      await Promise.all(
        Array.from({ length: 120 }, (_, attempt) =>
          // Keys in both orders: two callers must not wait for each other.
          (attempt % 2 === 0 ? other : opened.store).throttles.take(
            attempt % 3 === 0 ? [bucket('a', 70), bucket('b', 50)] : [bucket('b', 50), bucket('a', 70)],
            at,
          ),
        ),
      )
    ).filter((full) => full.length === 0);
    await other.close();
    expect(passed).toHaveLength(50);
    expect(await opened.sql('SELECT key, taken FROM throttle_buckets ORDER BY key')).toEqual([
      { key: 'a', taken: 50 },
      { key: 'b', taken: 50 },
    ]);
  });

  test('an attempt that is given back no longer counts, and nothing counts below none', async () => {
    const one = [bucket('a', 2), bucket('b', 2)];
    await throttles().take(one, at);
    await throttles().take(one, at);
    await throttles().giveBack(['b', 'a', 'nobody']);
    expect(await throttles().take(one, at)).toEqual([]);
    expect(await throttles().take(one, at)).toHaveLength(2);
    for (let time = 0; time < 4; time++) await throttles().giveBack(['a']);
    await throttles().giveBack([]);
    expect(await opened.sql('SELECT key, taken FROM throttle_buckets ORDER BY key')).toEqual([
      { key: 'a', taken: 0 },
      { key: 'b', taken: 2 },
    ]);
  });

  test('a network is known after a login from it', async () => {
    const ann = userNamed('ann');
    await opened.store.users.insert(ann);
    expect(await throttles().isKnownNetwork(ann.id, '192.0.2.0/24')).toBe(false);
    await throttles().rememberNetwork(ann.id, '192.0.2.0/24', at);
    await throttles().rememberNetwork(ann.id, '192.0.2.0/24', at + 1);
    expect(await throttles().isKnownNetwork(ann.id, '192.0.2.0/24')).toBe(true);
    expect(await throttles().isKnownNetwork(ann.id, '198.51.100.0/24')).toBe(false);
    expect(await throttles().isKnownNetwork('no id', '192.0.2.0/24')).toBe(false);
  });
});
