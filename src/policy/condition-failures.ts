import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { ConditionFailed } from './conditions/condition-failed.ts';
import { showProvenance, type Rule } from './rule.ts';

/** Conditions that could not be evaluated: counted each time, told to the log once a minute for each rule. */
export interface FailureLog {
  record(rule: Rule, error: unknown): void;
  /** How often each rule's condition failed since the snapshot was made. */
  readonly counts: ReadonlyMap<Rule, number>;
}

const quietMs = 60_000;

export function openFailureLog({ clock, log }: { clock: Clock; log: Log }): FailureLog {
  const counts = new Map<Rule, number>();
  const toldAt = new Map<Rule, number>();
  return {
    counts,
    record(rule, error) {
      const count = (counts.get(rule) ?? 0) + 1;
      counts.set(rule, count);
      const at = clock.monotonic();
      if (at - (toldAt.get(rule) ?? -Infinity) < quietMs) return;
      toldAt.set(rule, at);
      const from = showProvenance(rule.provenance);
      const fields = {
        event: 'condition.failed',
        rule: from,
        condition: rule.condition,
        effect: rule.effect,
        count,
        err: error,
      };
      const message =
        rule.effect === 'deny'
          ? `The condition of ${from} could not be evaluated: the rule denies.`
          : `The condition of ${from} could not be evaluated: the rule does not allow.`;
      // An allow rule fails in daily work (an object that is not there); a deny rule that fails keeps people out.
      if (!(error instanceof ConditionFailed)) log.error(fields, message);
      else if (rule.effect === 'deny') log.warn(fields, message);
      else log.debug(fields, message);
    },
  };
}
