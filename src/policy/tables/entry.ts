import { actionOf, type Coordinate } from '../../core/coordinate.ts';
import type { Decision, DecisionReason } from '../decision.ts';
import type { CompiledCondition } from '../loaded-policy.ts';
import type { Rule } from '../rule.ts';

/** A rule that matches but for its condition. */
export interface Candidate {
  readonly rule: Rule;
  readonly condition: CompiledCondition | null;
  /** Whether the condition looks at the object or the arguments. */
  readonly usesContext: boolean;
}

/** What is known of a coordinate for everybody with the same permissions, before anybody asks. */
export interface Entry {
  readonly coordinate: Coordinate;
  /** Every rule that matches but for its condition, in policy order. */
  readonly candidates: readonly Candidate[];
  /** The decision, whatever the conditions say; `null` where they decide. */
  readonly settled: Decision | null;
  readonly usesContext: boolean;
  /** Decisions by what the conditions came out as: one value for all requests and rows. */
  readonly byOutcomes: Map<number, Decision>;
}

/** Sorts what a coordinate's rules come to: an allow or deny that no condition can change, or conditions to ask. */
export function entryOf(
  coordinate: Coordinate,
  candidates: readonly Candidate[],
  policyVersion: string,
): Entry {
  const entry = {
    coordinate,
    candidates,
    usesContext: candidates.some((candidate) => candidate.usesContext),
    byOutcomes: new Map<number, Decision>(),
  };
  const settle = (reason: DecisionReason, rules: readonly Rule[]): Entry => ({
    ...entry,
    settled: decisionOf(coordinate, reason, rules, policyVersion),
  });
  const always = (effect: Rule['effect']): readonly Rule[] =>
    candidates.filter(({ rule, condition }) => rule.effect === effect && condition === null).map(ruleOf);
  const [allows, denies] = [always('allow'), always('deny')];
  if (denies.length > 0) return settle('denied-by-rule', denies);
  if (!candidates.some(({ rule }) => rule.effect === 'allow')) return settle('no-rule-allows', []);
  const mayBeDenied = candidates.some(({ rule }) => rule.effect === 'deny');
  return allows.length > 0 && !mayBeDenied ? settle('allowed', allows) : { ...entry, settled: null };
}

const ruleOf = ({ rule }: Candidate): Rule => rule;

/** A decision as a value that nobody can change. */
export const decisionOf = (
  coordinate: Coordinate,
  reason: DecisionReason,
  rules: readonly Rule[],
  policyVersion: string,
): Decision =>
  Object.freeze({
    effect: reason === 'allowed' ? 'allow' : 'deny',
    coordinate,
    action: actionOf(coordinate),
    reason,
    rules,
    policyVersion,
  });
