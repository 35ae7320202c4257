import type { ConditionOutcome } from '../conditions-of-request.ts';
import type { Decision } from '../decision.ts';
import type { Rule } from '../rule.ts';
import { decisionOf, type Entry } from './entry.ts';

/** What a condition that can't be known yet counts as: the best for the caller, or the worst. */
export type Assumption = 'best' | 'worst';

/** Whether somebody is allowed, by the rules that hold. */
export interface Verdict {
  readonly allowed: boolean;
  /** Every rule that holds, in policy order. */
  readonly matched: readonly Rule[];
}

export interface Hearing extends Verdict {
  /** Deny rules among the matched whose condition could not be evaluated. */
  readonly failed: ReadonlySet<Rule>;
}

/** The rules that hold, given what each candidate's condition came out as: Casbin's `some allow && !some deny`. */
export function hear(
  { candidates }: Entry,
  outcomes: readonly ConditionOutcome[],
  assume: Assumption,
): Hearing {
  const failed = new Set<Rule>();
  const matched: Rule[] = [];
  candidates.forEach(({ rule }, place) => {
    const outcome = outcomes[place];
    if (outcome === 'failed') failed.add(rule);
    const holds =
      outcome === 'true' ||
      (outcome === 'failed' && rule.effect === 'deny') ||
      (outcome === 'unknown' && (rule.effect === 'allow') === (assume === 'best'));
    if (holds) matched.push(rule);
  });
  const isDenied = matched.some((rule) => rule.effect === 'deny');
  return { allowed: matched.length > 0 && !isDenied, matched, failed };
}

export function render(
  { coordinate }: Entry,
  { allowed, matched, failed }: Hearing,
  policyVersion: string,
): Decision {
  if (allowed) return decisionOf(coordinate, 'allowed', matched, policyVersion);
  const denies = matched.filter((rule) => rule.effect === 'deny');
  if (denies.length === 0) return decisionOf(coordinate, 'no-rule-allows', [], policyVersion);
  const reason = denies.every((rule) => failed.has(rule)) ? 'deny-condition-failed' : 'denied-by-rule';
  return decisionOf(coordinate, reason, denies, policyVersion);
}

/** Of an entry, the most decisions that are remembered by outcomes; and the most outcomes that fit a number. */
export const mostOutcomes = 256;
export const mostInKey = 25;

const names: readonly ConditionOutcome[] = ['false', 'true', 'failed', 'unknown'];
const digits: Readonly<Record<ConditionOutcome, number>> = { false: 0, true: 1, failed: 2, unknown: 3 };

/** A number that stands for outcomes, with one more. */
export const keyWith = (key: number, outcome: ConditionOutcome): number => key * 4 + digits[outcome];

/** The outcomes that such a number stands for. */
export const outcomesIn = (key: number, count: number): readonly ConditionOutcome[] =>
  Array.from({ length: count }, (_, at) => names[Math.floor(key / 4 ** (count - 1 - at)) % 4] ?? 'failed');
