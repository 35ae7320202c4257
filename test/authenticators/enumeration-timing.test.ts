import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import { rounds } from '../rounds.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { openHouse, type House } from './open-house.ts';

describe.each(storeKinds)('the time of a refusal on the %s store', (kind) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(kind, { cost: { memory: 4_096, passes: 2, lanes: 1 } });
    await house.accounts.create({ username: 'ann', password: 'correct horse battery' }, operator);
  });
  afterAll(() => house.close());

  test('C09: does not tell whether anybody has that name (AUC at most 0.55 over interleaved pairs)', async () => {
    const pairs = rounds(100, 1_000);
    const timeOf = async (username: string): Promise<number> => {
      const start = performance.now();
      const result = await house.logIn({ credentials: { username, password: 'wrong wrong wrong' } });
      const time = performance.now() - start;
      if (result.kind !== 'refused' || result.error.code !== 'BAD_CREDENTIALS')
        throw new Error('not refused');
      return time;
    };
    for (let warmUp = 0; warmUp < 20; warmUp += 1) await timeOf(warmUp % 2 === 0 ? 'ann' : 'nobody');

    const known: number[] = [];
    const unknown: number[] = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      // Between the clocks: the count of strangers' failures can't be set higher than a hundred.
      if (pair % 40 === 0) await house.opened.sql('TRUNCATE throttle_buckets');
      // Now one first, now the other: what drifts with time, or follows a neighbour, falls on both.
      if (pair % 2 === 0) known.push(await timeOf('ann'));
      unknown.push(await timeOf(`nobody${pair % 7}`));
      if (pair % 2 === 1) known.push(await timeOf('ann'));
    }
    const auc = areaUnderCurve(known, unknown);
    // With few pairs chance alone strays: three standard errors of an AUC of one half are added.
    const chance = 3 * Math.sqrt((2 * pairs + 1) / (12 * pairs * pairs));
    expect(Math.max(auc, 1 - auc)).toBeLessThanOrEqual(Math.max(0.55, 0.5 + chance));
  }, 180_000);

  test('the measure tells times apart that differ', () => {
    const fast = Array.from({ length: 100 }, (_, at) => 10 + at / 100);
    const slow = fast.map((time) => time + 2);
    expect(areaUnderCurve(slow, fast)).toBe(1);
    expect(areaUnderCurve(fast, fast)).toBe(0.5);
  });
});

/** The chance that one of `a` took longer than one of `b` (Mann-Whitney); one half where nothing tells them apart. */
function areaUnderCurve(a: readonly number[], b: readonly number[]): number {
  let wins = 0;
  for (const x of a) for (const y of b) wins += x > y ? 1 : x === y ? 0.5 : 0;
  return wins / (a.length * b.length);
}
