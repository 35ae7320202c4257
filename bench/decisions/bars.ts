/** The most that each figure may be. */
export const bars = {
  /** Our decision by one read of a `Map`. */
  roles: 2,
  otherPolicies: 20,
  /** What the largest policy takes by what the smallest takes, each against its own `Map`. */
  growth: 2,
  /** A first decision by one of stock Casbin. */
  cold: 1,
  /** A condition in the matcher by the same in JavaScript. */
  condition: 2,
  /** Ours by stock Casbin: time and memory of loading. */
  load: 1,
  delayP99Ms: 50,
  /** A change and the first decision that it changes, p99. */
  changeMs: 5,
} as const;
