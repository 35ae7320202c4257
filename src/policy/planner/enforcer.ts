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
