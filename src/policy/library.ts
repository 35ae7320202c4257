/** Casbin's deciding half, planned: what `import { createEnforcer } from 'portcullis/policy'` gives. See docs/policy-library.md. */
import type { MatcherFunction } from './planner/compile-expression.ts';
import type { Enforcer } from './planner/enforcer.ts';
import { openPlanned } from './planner/planned-enforcer.ts';
import { settle, type PolicySource } from './planner/policy-source.ts';
import { openStock } from './planner/stock-enforcer.ts';
import { Unplannable } from './planner/unplannable.ts';

export type { Enforcer, Plan, PolicyChange } from './planner/enforcer.ts';
export type { PolicySource } from './planner/policy-source.ts';
export { PatternRefused } from './planner/patterns/pattern-refused.ts';
export { PatternTimedOut } from './planner/patterns/pattern-timed-out.ts';

export interface EnforcerOptions {
  /** More functions for the matcher. They answer at once: a promise makes the decision throw. */
  readonly functions?: Readonly<Record<string, (...args: never[]) => unknown>>;
  /** The most names for which is remembered whom they count as: 200,000 where nothing is said. */
  readonly cachedSubjects?: number;
  /** Lets stock Casbin decide, whatever the model. */
  readonly stock?: boolean;
}

/**
 * Reads a Casbin model and policy, and decides as stock Casbin does, from indexes. A model that can't be planned is decided by
 * stock Casbin itself: `plan` says so, and why. Several policies are read one after the other, as one.
 *
 * @throws Error where stock refuses the model or a line; PatternRefused for a pattern that could hang; RangeError for
 * `cachedSubjects` that is no number of names
 */
export async function createEnforcer(
  model: PolicySource,
  policy: PolicySource | readonly PolicySource[],
  options: EnforcerOptions = {},
): Promise<Enforcer> {
  const sources = await Promise.all(([policy].flat() as readonly PolicySource[]).map(settle));
  const functions: Readonly<Record<string, MatcherFunction>> = options.functions ?? {};
  const needs = { model: await settle(model), sources, functions };
  const cachedNames = options.cachedSubjects ?? 200_000;
  if (!Number.isSafeInteger(cachedNames) || cachedNames < 2)
    throw new RangeError('cachedSubjects is a whole number of at least 2.');
  if (options.stock === true) return openStock({ ...needs, reason: 'it was asked for' });
  try {
    return await openPlanned({ ...needs, cachedNames });
  } catch (error) {
    if (error instanceof Unplannable) return openStock({ ...needs, reason: error.message });
    throw error;
  }
}
