import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rounds } from '../../rounds.ts';
import { environment, model, noRows } from '../fixture.ts';
import { gainsByAssignments } from './assignments-oracle.ts';
import { gainsByDecisions } from './decisions-oracle.ts';
import { decidedChanges, grantsTo, holdingsOf, rewrite } from './decided-changes.ts';
import { changes, granterOf, granters, principalOf } from './random-changes.ts';
import { atoms, policies, policiesOf, snapshotOf, type AtomName } from './random-policies.ts';

const perPolicy = 20;
const cases = rounds(2_000, 50_000);
const decided = rounds(100, 3_000);
const spelt = rounds(100, 2_000);

/** Without parts that no one situation can give every value, and without what lifts the comparison. */
const policiesToDecide = policiesOf({
  atoms: (Object.keys(atoms) as AtomName[]).filter((name) => name !== 'elsewhere'),
  objects: [],
  mostRules: 6,
});

/** What is a group's counts for each as one of their own groups: it takes one. */
const grantersInGroups = granters.filter(({ groups }) => groups.length > 0);

describe('what somebody gains beyond the granter', () => {
  test(
    `C75: is what brute force over every assignment finds: 0 disagreements in ${cases} cases`,
    async () => {
      let gains = 0;
      let none = 0;
      await fc.assert(
        fc.asyncProperty(
          policies,
          fc.array(fc.tuple(changes, granters), { minLength: perPolicy, maxLength: perPolicy }),
          async (policy, asked) => {
            const snapshot = await snapshotOf(policy);
            for (const [change, granter] of asked) {
              const found = snapshot.findGains(change, granterOf(granter));
              const wanted = gainsByAssignments(policy, change, granter);
              expect([change, granter, found]).toEqual([change, granter, wanted]);
              if (found.length > 0) gains += 1;
              else none += 1;
            }
          },
        ),
        { numRuns: cases / perPolicy, seed: 20261120 },
      );
      expect(gains + none).toBe(cases);
      // The property says something only where both answers come up.
      expect(gains).toBeGreaterThan(cases / 10);
      expect(none).toBeGreaterThan(cases / 10);
    },
    rounds(120_000, 1_200_000),
  );

  test(
    `C75: is what the engine decides before and after, in every situation: 0 disagreements in ${decided} cases`,
    async () => {
      let gains = 0;
      await fc.assert(
        fc.asyncProperty(
          policiesToDecide,
          decidedChanges,
          grantersInGroups,
          async (policy, change, giving) => {
            const granting = await snapshotOf(policy);
            const principal = principalOf(giving);
            const found = granting.findGains(holdingsOf(change), { principal, environment });
            const before = {
              who: change.before,
              snapshot: await snapshotOf(policy, grantsTo(change.before, change.had)),
            };
            const after = {
              who: change.after,
              snapshot: await snapshotOf(rewrite(policy, change), grantsTo(change.after, change.has)),
            };
            const authentication = { ...principal.authentication, authTime: environment.now };
            const wanted = gainsByDecisions(
              policy,
              { before, after, granting },
              { ...principal, authentication },
            );
            expect([change, giving, found]).toEqual([change, giving, wanted]);
            if (found.length > 0) gains += 1;
          },
        ),
        { numRuns: decided, seed: 20261120 },
      );
      expect(gains).toBeGreaterThan(decided / 20);
    },
    rounds(120_000, 1_200_000),
  );

  test(
    `is the same where casbin itself is asked which rules match, as with a matcher of one's own: ${spelt} cases`,
    async () => {
      const other = model.replace('p.act == "*" || r.act == p.act', 'r.act == p.act || p.act == "*"');
      expect(other).not.toBe(model);
      await fc.assert(
        fc.asyncProperty(policies, changes, granters, async (policy, change, granter) => {
          const [one, two] = [await snapshotOf(policy), await snapshotOf(policy, noRows, other)];
          expect(two.findGains(change, granterOf(granter))).toEqual(
            one.findGains(change, granterOf(granter)),
          );
        }),
        { numRuns: spelt, seed: 20261120 },
      );
    },
    rounds(60_000, 600_000),
  );
});
