import type { Coordinate } from '../core/coordinate.ts';
import { chainTo, type Climb } from './closure.ts';
import type { RequestConditions } from './conditions-of-request.ts';
import type { DecisionContext, DecisionReason, Preview } from './decision.ts';
import { actsOn } from './objects.ts';
import type { Rule } from './rule.ts';
import type { Explanation, RuleExplanation } from './snapshot.ts';

const sentences: Record<DecisionReason | 'depends', string> = {
  allowed: 'A rule allows it and none denies it.',
  'denied-by-rule': 'A rule denies it, and deny beats allow.',
  'deny-condition-failed': 'The condition of a deny rule could not be evaluated, and so denies.',
  'no-rule-allows': 'No rule allows it.',
  'engine-failed': 'The engine failed to decide, and so denies. The log says more.',
  depends: 'It depends on the object or the arguments.',
};

/** Tells a decision that was taken, rule by rule: what the candidates said, never a second way to decide. */
export function renderExplanation(
  decided: Preview,
  reached: Climb,
  candidates: readonly Rule[],
  context: DecisionContext | null,
  conditions: RequestConditions,
): Explanation {
  const subjects = [...reached.keys()];
  return {
    effect: decided.effect,
    reason: sentences[decided.effect === 'depends' ? 'depends' : decided.reason],
    subjects: subjects.map((subject) => ({ subject, path: chainTo(subject, reached) })),
    candidates: candidates.map((rule) => explainRule(rule, decided, reached, context, conditions)),
  };
}

function explainRule(
  rule: Rule,
  decided: Preview,
  reached: Climb,
  context: DecisionContext | null,
  conditions: RequestConditions,
): RuleExplanation {
  const coordinate: Coordinate = decided.coordinate;
  const subjectMatched = reached.has(rule.subject);
  const actionMatched = actsOn(rule, coordinate);
  const reachedCondition = subjectMatched && actionMatched && rule.condition !== null;
  return {
    rule,
    subjectMatched,
    actionMatched,
    condition: reachedCondition ? conditions.outcomeOf(rule, { context, afterLogin: false }) : null,
    decided: decided.effect !== 'depends' && decided.rules.includes(rule),
  };
}
