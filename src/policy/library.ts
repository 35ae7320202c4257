/** Casbin's deciding half, planned: what `import { createEnforcer } from 'portcullis/policy'` gives. See docs/policy-library.md. */
import type { MatcherFunction } from './planner/compile-expression.ts';
import { openPlanned } from './planner/planned-enforcer.ts';
import { settle, type PolicySource } from './planner/policy-source.ts';
import { openStock } from './planner/stock-enforcer.ts';
import { Unplannable } from './planner/unplannable.ts';

export type { PolicySource } from './planner/policy-source.ts';
export { PatternRefused } from './planner/patterns/pattern-refused.ts';
export { PatternTimedOut } from './planner/patterns/pattern-timed-out.ts';

/** Who decides: the planner, or stock Casbin because of a part of the model. */
export type Plan = { readonly kind: 'planned' } | { readonly kind: 'stock'; readonly reason: string };

/** Rows as they stand in a file: `['p', 'alice', 'data1', 'read']`, `['g', 'alice', 'admin']`. */
export interface PolicyChange {
  readonly add?: readonly (readonly string[])[];
  readonly remove?: readonly (readonly string[])[];
}

/** Decides requests by one policy, which never changes. */
export interface Enforcer {
  /**
   * Whether a request is allowed: its values are those of the model's `r`, in order.
   * @throws Error where there are too many or too few of them, and where the matcher throws
   */
  enforceSync(...request: readonly unknown[]): boolean;
  /** The same, as a promise: rejects where `enforceSync` throws. */
  enforce(...request: readonly unknown[]): Promise<boolean>;
  /** With the row that decided, or an empty list. */
  enforceExSync(...request: readonly unknown[]): [boolean, string[]];
  enforceEx(...request: readonly unknown[]): Promise<[boolean, string[]]>;
  /** Several requests, each a list of values. */
  batchEnforce(requests: readonly (readonly unknown[])[]): Promise<boolean[]>;
  readonly plan: Plan;
  /** How often it was remembered whom somebody counts as, and how often it had to be found. */
  readonly cache: { readonly hits: number; readonly misses: number };
  /**
   * Another enforcer with these rows more, at the end, or less. It shares what has not changed; this one stays as it is.
   * @throws Error for a row of a kind that the model does not define, and where stock decides
   */
  with(change: PolicyChange): Enforcer;
}

export interface EnforcerOptions {
  /** More functions for the matcher. They answer at once: a promise is not waited for. */
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
 * @throws Error where stock refuses the model or a line; PatternRefused for a pattern that could hang
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
