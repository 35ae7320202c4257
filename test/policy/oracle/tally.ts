/** What a run has seen. Plain data: the processes of a run send theirs. */
export interface Tally {
  decisions: number;
  policies: number;
  allows: number;
  denies: number;
  throws: number;
  differences: number;
  /** Policies that neither loads. */
  refusedByBoth: number;
  readonly listed: Record<string, number>;
  readonly refusals: Record<string, number>;
  readonly policiesOfKind: Record<string, number>;
  readonly plannedOfKind: Record<string, number>;
  /** Those that stock casbin itself decides behind our face, though their kind is one to be planned. */
  readonly stockOfKind: Record<string, number>;
}

export const emptyTally = (): Tally => ({
  decisions: 0,
  policies: 0,
  allows: 0,
  denies: 0,
  throws: 0,
  differences: 0,
  refusedByBoth: 0,
  listed: {},
  refusals: {},
  policiesOfKind: {},
  plannedOfKind: {},
  stockOfKind: {},
});

export const count = (counts: Record<string, number>, name: string, by = 1): void => {
  counts[name] = (counts[name] ?? 0) + by;
};

export const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, each) => total + each, 0);

export function addTallies(tallies: readonly Tally[]): Tally {
  const total = emptyTally();
  const numbers = [
    'decisions',
    'policies',
    'allows',
    'denies',
    'throws',
    'differences',
    'refusedByBoth',
  ] as const;
  const records = ['listed', 'refusals', 'policiesOfKind', 'plannedOfKind', 'stockOfKind'] as const;
  for (const tally of tallies) {
    for (const name of numbers) total[name] += tally[name];
    for (const name of records)
      for (const [key, value] of Object.entries(tally[name])) count(total[name], key, value);
  }
  return total;
}
