import { actionOf, type Coordinate } from '../../core/coordinate.ts';
import type { Decision, DecisionContext, Decisions, Preview } from '../../policy/decision.ts';

const failed = (coordinate: Coordinate, policyVersion: string): Decision => ({
  effect: 'deny',
  coordinate,
  action: actionOf(coordinate),
  reason: 'engine-failed',
  rules: [],
  policyVersion,
});

const isDecision = (answer: unknown): boolean =>
  typeof answer === 'object' &&
  answer !== null &&
  'effect' in answer &&
  (answer.effect === 'allow' || answer.effect === 'deny');

const isPreview = (answer: unknown): boolean =>
  isDecision(answer) || (answer as { effect?: unknown } | null)?.effect === 'depends';

/** Asks for a decision. Whatever is not a decision (a throw, `true`, a promise) is a denial: fail closed. */
export function askFor(decisions: Decisions, coordinate: Coordinate, context: DecisionContext): Decision {
  try {
    const decision = decisions.decide(coordinate, context);
    return isDecision(decision) ? decision : failed(coordinate, decisions.policyVersion);
  } catch {
    return failed(coordinate, decisions.policyVersion);
  }
}

/** Asks what can be told before anything is looked at; fails closed as `askFor` does. */
export function askAhead(decisions: Decisions, coordinate: Coordinate): Preview {
  try {
    const preview = decisions.preview(coordinate);
    return isPreview(preview) ? preview : failed(coordinate, decisions.policyVersion);
  } catch {
    return failed(coordinate, decisions.policyVersion);
  }
}
