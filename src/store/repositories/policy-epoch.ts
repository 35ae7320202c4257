import type { EntityManager } from 'typeorm';
import type { Touch } from '../changing.ts';
import { PolicyEpoch } from '../entities/groups.ts';
import type { Unit } from '../unit.ts';

/** Until the unit ends nobody else takes it. Readers do not wait: every request reads it together with its session. */
export const takePolicyEpoch = (unit: EntityManager): Promise<unknown> =>
  unit.query('SELECT value FROM policy_epoch WHERE only_row FOR UPDATE');

/**
 * Runs the work as one unit that has the policy epoch to itself, and raises the epoch where the work says that nestings
 * or grants, or the names they are shown by, have changed. It is taken before anything else: whoever looks whether an
 * account has grants must not meet one that is being given, and two who wait for each other's rows would wait for ever.
 */
export function changeWhatPoliciesRead<Result>(
  { manager, changing }: Pick<Unit, 'manager' | 'changing'>,
  work: (
    unit: EntityManager,
    touch: Touch,
  ) => Promise<{ readonly result: Result; readonly changed: boolean }>,
): Promise<Result> {
  return changing((touch) =>
    manager.transaction(async (unit) => {
      await takePolicyEpoch(unit);
      const { result, changed } = await work(unit, touch);
      if (changed) {
        touch.policy();
        await unit.increment(PolicyEpoch, { onlyRow: true }, 'value', 1);
      }
      return result;
    }),
  );
}
