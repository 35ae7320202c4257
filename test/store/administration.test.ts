import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openStore } from '../../src/store/open-store.ts';
import { rounds } from '../rounds.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { userNamed } from './rows.ts';

describe.each(storeKinds)('the revision of the administration on the %s store', (kind) => {
  let opened: TestStore;
  const administration = () => opened.store.administration;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(() => opened.empty());

  test('rises only from what it is', async () => {
    expect(await administration().revision()).toBe(0);
    expect(await administration().advance(0)).toBe(true);
    expect(await administration().advance(0)).toBe(false);
    expect(await administration().advance(2)).toBe(false);
    expect(await administration().revision()).toBe(1);
  });

  test('is raised by one of 20 who know the same one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => administration().advance(round)));
      expect(answers.filter(Boolean)).toHaveLength(1);
    }
    expect(await administration().revision()).toBe(5);
  });

  test('stays where the unit that raised it is rolled back, and whoever waited for it may go on', async () => {
    let waiting: Promise<boolean> | undefined;
    const undone = opened.store.transaction(async (store) => {
      expect(await store.administration.advance(0)).toBe(true);
      waiting = administration().advance(0);
      await store.check();
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    expect(await waiting).toBe(true);
    expect(await administration().revision()).toBe(1);
  });

  // Two administrators who each see the other: each takes the other down only while two are left.
  test('lets no two of those who decided on the same state both act', async () => {
    const other = await openStore({ ...opened.options, attach: true });
    for (let round = 0; round < rounds(20, 500); round += 1) {
      const pair = [userNamed(`a${round}`), userNamed(`b${round}`)];
      for (const user of pair) await opened.store.users.insert(user);
      const takeDown = async (store: typeof other, id: string): Promise<boolean> => {
        const known = await store.administration.revision();
        const left = (await store.users.findMany(pair.map((user) => user.id))).length;
        return store.transaction(
          async (unit) => (await unit.administration.advance(known)) && left > 1 && unit.users.delete(id),
        );
      };
      const [first, second] = await Promise.all([
        takeDown(opened.store, pair[0]!.id),
        takeDown(other, pair[1]!.id),
      ]);
      expect([first, second].filter(Boolean)).toHaveLength(1);
    }
    await other.close();
  });
});
