import { describe, expect, test } from '@jest/globals';
import { compareMany } from '../compare-many.ts';
import { mutations } from './mutations.ts';
import { openWrong } from './stand-in.ts';

const seed = 20261120;
const decisions = 10_000;

describe('an enforcer that is wrong on purpose', () => {
  test('is not found wrong where it makes no mistake', async () => {
    const { tally, reports } = await compareMany({ open: openWrong({ name: 'none' }), seed, decisions });
    expect(reports).toEqual([]);
    expect(tally.decisions).toBeGreaterThanOrEqual(decisions);
  });

  test.each(mutations)('and $name is found within a few thousand decisions', async (mutation) => {
    const { tally, reports } = await compareMany({ open: openWrong(mutation), seed, decisions, reports: 1 });
    expect(tally.differences).toBe(1);
    expect(reports[0]).toContain('--- policy');
  });
});
