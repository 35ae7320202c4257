import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { actionOf } from '../../../src/core/coordinate.ts';
import { buildSnapshot } from '../../../src/policy/build-snapshot.ts';
import { rounds } from '../../rounds.ts';
import {
  coordinates,
  declarations,
  environment,
  filesOf,
  load,
  recordingLog,
  standingClock,
} from '../fixture.ts';
import { context, policy, principal } from './arbitraries.ts';
import { openStock } from './open-stock.ts';

const patienceMs = rounds(30_000, 600_000);
const parameters = { numRuns: rounds(120, 5_000), seed: 20261120 };
const needs = { schema: declarations.schema, clock: standingClock(), log: recordingLog() };

describe('stock casbin', () => {
  test(
    'with our model, our rows, the principal and `when` gives our answers, for every coordinate',
    async () => {
      let allows = 0;
      let conditional = 0;
      await fc.assert(
        fc.asyncProperty(policy, principal, context, async (rules, who, seen) => {
          const loaded = load(filesOf(rules));
          const snapshot = await buildSnapshot(loaded, 'test', needs);
          const decisions = snapshot.decisionsFor(who, environment);
          const stock = await openStock(loaded, who);
          const scope = {
            principal: who,
            subjects: snapshot.subjectsOf(who),
            environment,
            ...seen,
            optimistic: false,
          };
          for (const coordinate of coordinates) {
            const decision = decisions.decide(coordinate, seen);
            const allowed = await stock.enforce(who.subject, coordinate, actionOf(coordinate), scope);
            expect([coordinate, decision.effect]).toEqual([coordinate, allowed ? 'allow' : 'deny']);
            expect(decision.reason).not.toBe('engine-failed');
            if (allowed) allows += 1;
            if (decision.rules.some((rule) => rule.condition !== null)) conditional += 1;
          }
        }),
        parameters,
      );
      // The property says something only where both answers come up, with and without conditions.
      expect(allows).toBeGreaterThan(parameters.numRuns / 2);
      expect(conditional).toBeGreaterThan(parameters.numRuns / 10);
    },
    patienceMs,
  );

  test(
    'finds the same groups above a principal as the snapshot does',
    async () => {
      await fc.assert(
        fc.asyncProperty(policy, principal, async (rules, who) => {
          const loaded = load(filesOf(rules));
          const snapshot = await buildSnapshot(loaded, 'test', needs);
          const stock = await openStock(loaded, who);
          const implicit = await stock.getImplicitRolesForUser(who.subject);
          expect([...snapshot.subjectsOf(who)].sort()).toEqual(
            [...new Set([who.subject, ...implicit])].sort(),
          );
        }),
        { ...parameters, numRuns: Math.ceil(parameters.numRuns / 2) },
      );
    },
    patienceMs,
  );
});

describe('a preview', () => {
  test(
    'that allows holds in every context, and so does one that denies',
    async () => {
      let definite = 0;
      let depends = 0;
      await fc.assert(
        fc.asyncProperty(
          policy,
          principal,
          fc.array(context, { minLength: 1, maxLength: 4 }),
          async (rules, who, seen) => {
            const snapshot = await buildSnapshot(load(filesOf(rules)), 'test', needs);
            for (const coordinate of coordinates) {
              const preview = snapshot.decisionsFor(who, environment).preview(coordinate);
              if (preview.effect === 'depends') depends += 1;
              else definite += 1;
              for (const each of seen) {
                const { effect } = snapshot.decisionsFor(who, environment).decide(coordinate, each);
                if (preview.effect !== 'depends')
                  expect([coordinate, effect]).toEqual([coordinate, preview.effect]);
              }
            }
          },
        ),
        parameters,
      );
      expect(definite).toBeGreaterThan(0);
      expect(depends).toBeGreaterThan(0);
    },
    patienceMs,
  );
});

describe('decisions of one request', () => {
  test(
    'are the same in any order and however often they are asked: nothing is remembered that should not be',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          policy,
          principal,
          fc.array(fc.tuple(fc.constantFrom(...coordinates), context), { minLength: 5, maxLength: 30 }),
          async (rules, who, questions) => {
            const snapshot = await buildSnapshot(load(filesOf(rules)), 'test', needs);
            const shared = snapshot.decisionsFor(who, environment);
            for (const [coordinate, seen] of questions) {
              shared.preview(coordinate);
              const { effect, reason } = shared.decide(coordinate, seen);
              const alone = snapshot.decisionsFor(who, environment).decide(coordinate, seen);
              expect({ effect, reason }).toEqual({ effect: alone.effect, reason: alone.reason });
            }
          },
        ),
        parameters,
      );
    },
    patienceMs,
  );
});
