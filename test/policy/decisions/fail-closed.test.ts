import { afterEach, describe, expect, test } from '@jest/globals';
import { PlannedPolicy } from '../../../src/policy/planner/planned-policy.ts';
import { coordinates, environment, nothing, recordingLog, snapshotOf, user } from '../fixture.ts';

/** OWASP ASVS 5.0, 8.2.1 and 16.5.3: only `=== true` allows, and whatever fails denies. */
// eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was
const { matching } = PlannedPolicy.prototype;

describe('C36: a planned policy that fails', () => {
  const answers: readonly [string, () => unknown][] = [
    [
      'throws an error',
      () => {
        throw new Error('broken');
      },
    ],
    [
      'throws a string',
      () => {
        throw 'allow' as unknown as Error;
      },
    ],
    ['answers undefined', () => undefined],
    ['answers null', () => null],
    ['answers "true"', () => 'true'],
    ['answers 1', () => 1],
    ['answers true', () => true],
    ['names a rule that is not there', () => [9_999]],
    ['answers an object', () => ({ valueOf: () => true })],
    ['answers a promise of true', () => Promise.resolve(true)],
    ['answers a promise that never settles', () => new Promise(() => undefined)],
  ];
  afterEach(() => {
    Object.assign(PlannedPolicy.prototype, { matching });
  });

  test.each(answers)('that %s allows nothing', async (_, answer) => {
    const log = recordingLog();
    const rules = 'p, everyone, *, *, allow\n';
    const healthy = (await snapshotOf(rules)).decisionsFor(user('ann'), environment);
    expect(healthy.decide('Query.users', nothing).effect).toBe('allow');
    // Another snapshot: what one has decided, stands for it.
    const snapshot = await snapshotOf(rules, log);

    Object.assign(PlannedPolicy.prototype, { matching: answer });
    const decisions = snapshot.decisionsFor(user('ann'), environment);
    let allows = 0;
    for (const coordinate of coordinates) {
      const decision = decisions.decide(coordinate, nothing);
      const preview = decisions.preview(coordinate);
      if (decision.effect === 'allow') allows += 1;
      if (preview.effect === 'allow') allows += 1;
      expect(decision.reason).toBe('engine-failed');
      expect(decisions.remedyFor(decision, nothing)).toEqual({ kind: 'none' });
    }
    expect(allows).toBe(0);
    expect(log.told.some(({ level }) => level === 'error')).toBe(true);
  });

  test('does not deny for good: the next question that is answered is decided', async () => {
    const snapshot = await snapshotOf('p, everyone, *, *, allow\n');
    const decisions = snapshot.decisionsFor(user('ann'), environment);
    Object.assign(PlannedPolicy.prototype, { matching: () => undefined });
    expect(decisions.decide('Query.users', nothing).effect).toBe('deny');
    Object.assign(PlannedPolicy.prototype, { matching });
    expect(decisions.decide('Query.users', nothing).effect).toBe('allow');
  });
});
