import { type PolicyCase, policyTexts } from './policy-case.ts';
import { type Outcome, show, showOutcome } from './outcome.ts';

/** Where ours does not do what stock casbin does. */
export interface Difference {
  /** What was called. */
  readonly call: string;
  readonly request: unknown;
  readonly theirs: Outcome<unknown>;
  readonly ours: Outcome<unknown>;
}

/** A difference with all that it takes to see it again. */
export function renderDifference(
  asked: PolicyCase,
  difference: Difference,
  seed: number,
  number: number,
): string {
  return [
    `A difference (${asked.kind}; PORTCULLIS_ORACLE_SEED=${seed}, policy ${number})`,
    '--- model',
    asked.model.trimEnd(),
    ...policyTexts(asked).flatMap((text) => ['--- policy', text.trimEnd()]),
    `--- ${difference.call}`,
    ...asked.requests.map((request) => `asked:  ${show(request)}`),
    ...(asked.requests.length > 1 ? [`here:   ${show(difference.request)}`] : []),
    `casbin: ${showOutcome(difference.theirs)}`,
    `ours:   ${showOutcome(difference.ours)}`,
    '',
  ].join('\n');
}
