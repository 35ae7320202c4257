import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { purgeBatch } from '../../src/store/contract/page.ts';
import { rounds } from '../rounds.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at } from './rows.ts';

describe.each(storeKinds)('used states of the %s store', (kind) => {
  let opened: TestStore;
  const states = () => opened.store.usedStates;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(() => opened.empty());

  test('C51: a state is used once, of 50 callbacks that bring it at once', async () => {
    for (let round = 0; round < rounds(5, 1_000); round += 1) {
      const digest = randomBytes(32);
      const used = await Promise.all(Array.from({ length: 50 }, () => states().use(digest, at)));
      expect(used.filter(Boolean)).toHaveLength(1);
      expect(await states().use(digest, at + 1)).toBe(false);
    }
  });

  test('C51: another state is another use', async () => {
    expect(await states().use(randomBytes(32), at)).toBe(true);
    expect(await states().use(randomBytes(32), at)).toBe(true);
  });

  test('a used state is remembered until its time, and no longer', async () => {
    const [first, second] = [randomBytes(32), randomBytes(32)];
    await states().use(first, at + 10);
    await states().use(second, at + 20);
    expect(await states().purge(at + 9)).toBe(0);
    expect(await states().use(first, at + 30)).toBe(false);
    expect(await states().purge(at + 10)).toBe(1);
    expect(await states().use(second, at + 30)).toBe(false);
    expect(await states().use(first, at + 30)).toBe(true);
  });

  test('a purge takes a batch at most, and two at once take nothing twice', async () => {
    await opened.sql(
      `INSERT INTO used_states SELECT decode(repeat(md5(n::text), 2), 'hex'), $1 FROM generate_series(1, $2::int) n`,
      [new Date(at), purgeBatch + 500],
    );
    const taken = await Promise.all([states().purge(at), states().purge(at)]);
    expect(Math.max(...taken)).toBeLessThanOrEqual(purgeBatch);
    expect(taken[0] + taken[1] + (await states().purge(at))).toBe(purgeBatch + 500);
  });
});
