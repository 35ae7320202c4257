const ascending = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);

export const median = (values: readonly number[]): number => {
  const sorted = ascending(values);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
};

/** The least of the values that at most `part` of them are above. */
export const quantile = (values: readonly number[], part: number): number =>
  ascending(values)[Math.max(0, Math.ceil(values.length * part) - 1)] ?? NaN;
