import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openStore } from '../../../src/store/open-store.ts';
import { openOffice } from '../../accounts/open-accounts.ts';
import {
  declarations,
  policiesOf,
  renderPolicy,
  type RandomPolicy,
} from '../../policy/authority/random-policies.ts';
import { rounds } from '../../rounds.ts';
import { openTestStore, type TestStore } from '../../store/open-test-store.ts';
import { storeKinds } from '../../store/store-kinds.ts';
import { runHistory, type Outcome, type Process } from './run-history.ts';

const steps = 10;
const histories = rounds(20, 1_000);

const policies = policiesOf({
  atoms: ['self', 'shared', 'fresh', 'sales', 'office', 'inB', 'amongC', 'isAnn'],
  objects: ['portcullis.grant_beyond'],
  leastRules: 6,
  mostRules: 14,
});

describe.each(storeKinds)('C75: random histories of grants, in two processes on the %s store,', (kind) => {
  let opened: TestStore;
  let processes: readonly [Process, Process];
  let close: () => Promise<void>;

  beforeAll(async () => {
    opened = await openTestStore(kind);
    const store = await openStore({ ...opened.options, attach: true });
    processes = [
      { store: opened.store, office: await openOffice({ store: opened.store, declarations }) },
      { store, office: await openOffice({ store, declarations }) },
    ];
    close = async () => {
      for (const { office } of processes) await office.close();
      await store.close();
      await opened.close();
    };
  }, 60_000);
  afterAll(() => close());

  const run = async (count: number, seed: number, options: { steps: number; isGuarded?: boolean }) => {
    const drawn: readonly RandomPolicy[] = fc.sample(policies, { numRuns: count, seed });
    const outcomes: Outcome[] = [];
    for (const [at, policy] of drawn.entries()) {
      const outcome = await runHistory(policy, seed + at, processes, options);
      outcomes.push(outcome);
      if (outcome.escalations.length > 0 || outcome.lost.length > 0) {
        const told = [...outcome.escalations, ...outcome.lost].slice(0, 5).join('\n');
        if (options.isGuarded !== false) throw new Error(`${told}\n${renderPolicy(policy)}`);
      }
    }
    const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((all, each) => all + of(each), 0);
    return {
      histories: outcomes.length,
      steps: sum((each) => each.steps),
      acknowledged: sum((each) => each.acknowledged),
      refused: sum((each) => each.refused),
      gained: sum((each) => each.gained),
      escalations: sum((each) => each.escalations.length),
      lost: sum((each) => each.lost.length),
      disagreements: sum((each) => each.disagreements),
    };
  };

  test(
    `${histories} of them: 0 escalations, 0 acknowledged changes lost, and both processes agree exactly`,
    async () => {
      const told = await run(histories, 20_261_120, { steps });
      console.log(`C75, ${kind}: ${JSON.stringify(told)}`);
      expect(told).toMatchObject({ histories, escalations: 0, lost: 0, disagreements: 0 });
      // They say something only where much is given, and much refused.
      expect(told.acknowledged).toBeGreaterThan(histories * 2);
      expect(told.refused).toBeGreaterThan(histories / 2);
      expect(told.gained).toBeGreaterThan(histories / 2);
    },
    rounds(120_000, 3_600_000),
  );

  test(
    'without the law, the same histories escalate: what watches them sees it',
    async () => {
      const told = await run(rounds(8, 50), 7, { steps, isGuarded: false });
      expect(told.escalations).toBeGreaterThan(0);
      expect(told).toMatchObject({ lost: 0, disagreements: 0 });
    },
    rounds(120_000, 600_000),
  );
});
