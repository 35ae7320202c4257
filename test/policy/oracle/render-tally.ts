import { sum, type Tally } from './tally.ts';

const byKind = (counts: Readonly<Record<string, number>>): string =>
  sum(counts) === 0
    ? '0'
    : `${sum(counts)} (${Object.entries(counts)
        .sort(([, left], [, right]) => right - left)
        .map(([kind, many]) => `${kind}: ${many}`)
        .join(', ')})`;

/** The last line of a run. */
export const renderTally = (tally: Tally, seed: number, seconds: number): string =>
  [
    `${tally.decisions} decisions (${tally.allows} allow, ${tally.denies} deny, ${tally.throws} throw)`,
    `${tally.policies} policies (${sum(tally.plannedOfKind)} planned, ${tally.refusedByBoth} refused by both)`,
    `${tally.differences} differences`,
    `listed differences: ${byKind(tally.listed)}`,
    `refusals: ${byKind(tally.refusals)}`,
    `${seconds.toFixed(1)} s`,
    `seed ${seed}`,
  ].join('; ');
