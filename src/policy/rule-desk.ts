import { actionOf, type Coordinate } from '../core/coordinate.ts';
import { looksAtContext } from './conditions-of-request.ts';
import type { CompiledCondition } from './loaded-policy.ts';
import type { RuleMatcher } from './rule-matcher.ts';
import { type Candidate, type Entry, entryOf } from './tables/entry.ts';

interface Needs {
  readonly matcher: RuleMatcher;
  readonly conditions: ReadonlyMap<string, CompiledCondition>;
  readonly policyVersion: string;
}

/** Tells which rules match somebody at a coordinate, whatever their conditions would say. */
export interface RuleDesk {
  /**
   * @param subjects everything that the subject counts as, itself included
   * @throws where the matcher throws
   */
  ask(coordinate: Coordinate, subject: string, subjects: ReadonlySet<string>): Entry;
  /** How often it was asked. */
  readonly asked: number;
}

export function openRuleDesk({ matcher, conditions, policyVersion }: Needs): RuleDesk {
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    ask(coordinate, subject, subjects) {
      asked += 1;
      const rules = matcher.find({ subject, object: coordinate, action: actionOf(coordinate), subjects });
      const candidates = rules.map((rule): Candidate => {
        const condition = rule.condition === null ? null : conditions.get(rule.condition);
        if (condition === undefined) throw new Error('A rule has a condition that was never compiled.');
        return { rule, condition, usesContext: condition !== null && looksAtContext(condition) };
      });
      return entryOf(coordinate, candidates, policyVersion);
    },
  };
}
