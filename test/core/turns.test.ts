import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createTurns, type Turns } from '../../src/core/turns.ts';

/** Work that takes some time by a clock of the test's own, and says in which turn of the loop it was done. */
function desk(budget = 10) {
  let at = 0;
  const done: string[] = [];
  const turns = createTurns({ monotonic: () => at }, budget);
  const work = async (name: string, takes: number, of: Turns = turns): Promise<void> => {
    const turn = of.take();
    if (turn !== null) await turn;
    await Promise.resolve();
    at += takes;
    done.push(name);
  };
  return { done, turns, work };
}

test('work alone begins at once', async () => {
  const { turns } = desk();
  expect(turns.take()).toBeNull();
  await nextTurn();
  expect(turns.take()).toBeNull();
});

test('small work that comes at once is done in one turn, in order', async () => {
  const { done, work } = desk();
  for (const name of ['a', 'b', 'c', 'd']) void work(name, 1);
  await nextTurn();
  expect(done).toEqual(['a', 'b', 'c', 'd']);
});

test('work that takes long is done one in a turn, however much of it comes at once', async () => {
  const { done, work } = desk();
  for (const name of ['a', 'b', 'c']) void work(name, 20);
  const counts: number[] = [];
  while (done.length < 3) {
    const before = done.length;
    await nextTurn();
    counts.push(done.length - before);
  }
  expect(done).toEqual(['a', 'b', 'c']);
  expect(Math.max(...counts)).toBe(1);
});

test('work that comes later in a turn whose time is used up waits for another', async () => {
  const { done, work, turns } = desk();
  await work('long', 20);
  expect(done).toEqual(['long']);
  let begun = false;
  const turn = turns.take();
  expect(turn).not.toBeNull();
  void turn?.then(() => (begun = true));
  await Promise.resolve();
  expect(begun).toBe(false);
  await turn;
  expect(begun).toBe(true);
});

test('nobody waits for ever: what fails, or never ends, holds up nobody', async () => {
  const { done, work, turns } = desk();
  expect(turns.take()).toBeNull();
  void work('after one that never said it was over', 30);
  void work('last', 30);
  for (let turn = 0; turn < 12; turn += 1) await nextTurn();
  expect(done).toHaveLength(2);
});
