import type { ConditionScope } from '../scope.ts';
import type { Input } from '../form.ts';
import type { Operand } from '../operand.ts';
import type { Scribe } from '../scribe.ts';
import { ConditionRefused } from '../condition-refused.ts';

/** A function that conditions may call, as `name(r.ctx, …)`. It documents itself: the reference is made from this. */
export interface ConditionFunction {
  readonly name: string;
  /** What follows `r.ctx`, as shown: `duration`, `network, …`. Empty where nothing does. */
  readonly parameters: string;
  /** When it is true, when false, and when it fails. */
  readonly answers: string;
  /** An example call. */
  readonly example: string;
  /** Whether a new login could make it true: such calls are listed with STEP_UP_REQUIRED. */
  readonly stepUp: boolean;
  /** What it looks at by itself, besides its arguments, attributes and the object. Whoever gives something away is judged by it. */
  readonly inputs: readonly Input[];
  /** Whether there are requests for which it has no answer, whatever its arguments. */
  readonly fails: boolean;
  /**
   * @param operands What follows `r.ctx`.
   * @throws {ConditionRefused} where they are not what it asks for.
   */
  compile(operands: readonly Operand[], scribe: Scribe): (scope: ConditionScope) => boolean;
}

/** Refuses a call that is not like the function's own example. */
export const notLike = ({
  name,
  parameters,
  example,
}: Pick<ConditionFunction, 'name' | 'parameters' | 'example'>): ConditionRefused =>
  new ConditionRefused(
    'condition-argument',
    parameters === '' ? `${name} takes r.ctx alone.` : `${name} takes r.ctx and then: ${parameters}.`,
    `Write it like ${example}.`,
  );
