import { z } from 'zod';

/**
 * Microseconds of one operation: of all processors together, garbage collection included, and by the clock. What else runs
 * on the machine changes the clock's far more.
 */
const timeSchema = z.object({ processor: z.number(), clock: z.number() });
export type Time = z.infer<typeof timeSchema>;

/** What one process measured: for every case, how long each side took, round by round. */
export const samplesSchema = z.object({
  policy: z.object({
    rules: z.number(),
    groups: z.number(),
    permissions: z.number(),
    coordinates: z.number(),
  }),
  rounds: z.record(z.string(), z.array(z.record(z.string(), timeSchema))),
});
export type Samples = z.infer<typeof samplesSchema>;
export type Round = Samples['rounds'][string][number];

/** Tables of many permission sets under a limit. Sizes are mebibytes. */
export const memorySchema = z.array(
  z.object({
    limit: z.number(),
    sets: z.number(),
    coordinates: z.number(),
    /** The most that the tables ever said to take. */
    most: z.number(),
    /** How many tables were there in the end. */
    kept: z.number(),
    /** By how much the process had grown then, garbage left out. */
    grown: z.number(),
  }),
);
export type MemoryRow = z.infer<typeof memorySchema>[number];

/** The names that the three turns of a pair have in a round; peers have their own. */
export const turns = { subject: 'guarded', baseline: 'baseline', again: 'baseline again' } as const;

/** How long a side took, in the rounds in which it took part: microseconds of the processor. */
export const timesOf = (side: string, rounds: readonly Round[]): readonly number[] =>
  rounds.flatMap((round) => round[side]?.processor ?? []);

/** Which share of the baseline's throughput a side kept, by round: 1 costs nothing, 0.5 takes twice as long. */
export const ratiosOf = (
  side: string,
  rounds: readonly Round[],
  measure: keyof Time = 'processor',
): readonly number[] =>
  rounds.flatMap((round) => {
    const [baseline, time] = [round[turns.baseline], round[side]];
    return baseline === undefined || time === undefined ? [] : [baseline[measure] / time[measure]];
  });
