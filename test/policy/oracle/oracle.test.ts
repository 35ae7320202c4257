import { describe, expect, test } from '@jest/globals';
import { createEnforcer } from '../../../src/policy/library.ts';
import { rounds } from '../../rounds.ts';
import { compareMany } from './compare-many.ts';
import { kinds, kindsLeftToStock } from './kinds/index.ts';
import { renderTally } from './render-tally.ts';
import { sum } from './tally.ts';

const decisions = rounds(200_000, 1_000_000);
const patienceMs = rounds(600_000, 3_600_000);
/** A new one each time, so that runs add up; a difference names the one to come back to. */
const seed = Number(process.env['PORTCULLIS_ORACLE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe('the enforcer of the library', () => {
  test(
    'decides, explains and throws like stock casbin, whatever the model, the policy and the request',
    async () => {
      const started = performance.now();
      const { tally, reports } = await compareMany({ open: createEnforcer, seed, decisions });
      console.log(renderTally(tally, seed, (performance.now() - started) / 1_000));
      expect(reports.join('\n')).toBe('');
      expect(tally.decisions).toBeGreaterThanOrEqual(decisions);
      // The comparison says something only where every kind and both answers come up, and the planner was asked.
      expect(Object.keys(tally.policiesOfKind).sort()).toEqual(kinds.map(({ name }) => name).sort());
      expect(tally.allows / tally.decisions).toBeGreaterThan(0.15);
      expect(tally.denies / tally.decisions).toBeGreaterThan(0.15);
      expect(sum(tally.refusals) / tally.policies).toBeLessThan(0.1);
      const plannable = kinds.filter(({ name }) => !kindsLeftToStock.has(name));
      const shares = plannable.map(({ name }) => {
        const [planned, stock] = [tally.plannedOfKind[name] ?? 0, tally.stockOfKind[name] ?? 0];
        return [name, planned / (planned + stock)];
      });
      expect(shares.filter(([, share]) => !(Number(share) > 0.9))).toEqual([]);
    },
    patienceMs,
  );
});
