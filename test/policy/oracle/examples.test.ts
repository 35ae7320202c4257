import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createEnforcer } from '../../../src/policy/library.ts';
import { compareCase } from './compare-case.ts';
import { renderDifference } from './difference.ts';
import { examples } from './examples.ts';
import { shrinkCase } from './shrink.ts';
import { emptyTally, sum } from './tally.ts';

const patienceMs = 600_000;

/** Their rows hold `alice` where an expression stands: `eval()` would make stock casbin throw at every request. */
const refused = ['abac_rule_model.conf with abac_rule_effect_policy.csv'];

// Stock casbin prints each address that is none.
beforeEach(() => void jest.spyOn(console, 'log').mockImplementation(() => undefined));
afterEach(() => void jest.restoreAllMocks());

describe("the enforcer of the library decides Casbin's own examples like stock casbin", () => {
  test('of which there are some dozens', () => {
    expect(examples.length).toBeGreaterThan(60);
  });

  test.each(examples)(
    '$kind, for every combination of its names',
    async (example) => {
      const tally = emptyTally();
      const difference = await compareCase(example, createEnforcer, tally);
      const report =
        difference === null
          ? ''
          : renderDifference(...(await shrinkCase(example, createEnforcer, difference)), 0, 0);
      expect(report).toBe('');
      const isRefused = refused.some((name) => example.kind.startsWith(name));
      expect(sum(tally.refusals)).toBe(isRefused ? 1 : 0);
      expect(tally.decisions).toBe(isRefused ? 0 : example.requests.length);
    },
    patienceMs,
  );
});
