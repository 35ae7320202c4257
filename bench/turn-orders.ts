/** Every order of three: who comes after whom changes with each round, for a turn leaves the caches full of its own. */
export const turnOrders = [
  ['subject', 'baseline', 'again'],
  ['again', 'baseline', 'subject'],
  ['baseline', 'subject', 'again'],
  ['again', 'subject', 'baseline'],
  ['baseline', 'again', 'subject'],
  ['subject', 'again', 'baseline'],
] as const;
