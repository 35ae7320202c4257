import { actionOf, type Coordinate } from '../core/coordinate.ts';
import { looksAtContext } from './conditions-of-request.ts';
import type { PolicyEnforcer } from './enforcer.ts';
import type { CompiledCondition } from './loaded-policy.ts';
import type { ObjectIndex } from './objects.ts';
import { type Candidate, type Entry, entryOf } from './tables/entry.ts';
import { hear } from './tables/outcomes.ts';

interface Needs {
  readonly enforcer: PolicyEnforcer;
  readonly objects: Pick<ObjectIndex, 'rulesAbout'>;
  /** With a matcher of one's own, nobody but Casbin knows which rules could match: it is given all of them. */
  readonly defaultMatcher: boolean;
  readonly conditions: ReadonlyMap<string, CompiledCondition>;
  readonly policyVersion: string;
}

/** Asks Casbin which rules match somebody at a coordinate, whatever their conditions would say. */
export interface CasbinDesk {
  /**
   * @param subjects everything that the subject counts as, itself included
   * @throws where Casbin throws, or contradicts what is known of its rules
   */
  ask(coordinate: Coordinate, subject: string, subjects: ReadonlySet<string>): Entry;
  /** How often it was asked. */
  readonly asked: number;
}

export function openCasbinDesk({
  enforcer,
  objects,
  defaultMatcher,
  conditions,
  policyVersion,
}: Needs): CasbinDesk {
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    ask(coordinate, subject, subjects) {
      asked += 1;
      const action = actionOf(coordinate);
      const among = defaultMatcher ? objects.rulesAbout(coordinate, action, subjects) : undefined;
      const { allowed, matched } = enforcer.enforce({
        subject,
        object: coordinate,
        action,
        subjects,
        ...(among === undefined ? {} : { among }),
        holds: () => true,
      });
      if (among !== undefined && matched.length !== among.length)
        throw new Error('A rule that was found by its names does not match in Casbin.');
      const candidates = matched.map((rule): Candidate => {
        const condition = rule.condition === null ? null : conditions.get(rule.condition);
        if (condition === undefined) throw new Error('A rule has a condition that was never compiled.');
        return { rule, condition, usesContext: condition !== null && looksAtContext(condition) };
      });
      const entry = entryOf(coordinate, candidates, policyVersion);
      // Whatever Casbin answered, an allow needs a rule that allows and none that denies.
      const all = candidates.map(() => 'true' as const);
      if (allowed !== hear(entry, all, 'worst').allowed)
        throw new Error('Casbin and its own rules disagree.');
      return entry;
    },
  };
}
