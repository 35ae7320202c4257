import { z } from 'zod';

/** Two sides that took turns. Times are medians, nanoseconds of the processor for one decision. */
export const comparisonSchema = z.object({
  ours: z.number(),
  against: z.number(),
  /** The median of each pair's own ratio: ours by theirs. */
  ratio: z.number(),
  byClock: z.number(),
  /** The side that is compared with, against itself. */
  again: z.number(),
  pairs: z.number(),
  /** Of all answers that were given. */
  checksum: z.number(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** How ours decided: by its plan, or, and why, as stock Casbin does. */
export const planSchema = z.string();

export const warmSchema = z.object({ plan: planSchema, asked: z.number(), compared: comparisonSchema });
export type Warm = z.infer<typeof warmSchema>;

export const peersSchema = z.array(
  z.object({
    peer: z.string(),
    /** How many different requests it is asked. */
    asked: z.number(),
    /** Null where it could not be measured, and why not. */
    compared: comparisonSchema.nullable(),
    why: z.string(),
  }),
);
export type PeerRows = z.infer<typeof peersSchema>;

export const coldSchema = z.object({ plan: planSchema, compared: comparisonSchema });
export type Cold = z.infer<typeof coldSchema>;

export const cacheSchema = z.object({
  kept: z.number(),
  subjects: z.number(),
  /** Hits by all askings, with so few kept and with all of them kept. */
  hitRate: z.number(),
  hitRateOfAll: z.number(),
  compared: comparisonSchema,
});
export type CacheTold = z.infer<typeof cacheSchema>;

export const conditionSchema = z.object({
  plan: planSchema,
  planWithout: planSchema,
  without: z.number(),
  direct: z.number(),
  compared: comparisonSchema,
});
export type ConditionTold = z.infer<typeof conditionSchema>;

export const loadSchema = z.object({
  plan: planSchema,
  wallMs: z.number(),
  delayP99Ms: z.number(),
  delayMaxMs: z.number(),
  memoryMiB: z.number(),
  checksum: z.number(),
});
export type LoadTold = z.infer<typeof loadSchema>;

const spreadSchema = z.object({ median: z.number(), p99: z.number(), max: z.number() });
export type Spread = z.infer<typeof spreadSchema>;

/** Milliseconds by the clock. */
export const changesSchema = z.object({
  plan: planSchema,
  checksum: z.number(),
  changes: z.array(
    z.object({
      change: z.string(),
      times: z.number(),
      applied: spreadSchema,
      decided: spreadSchema,
      both: spreadSchema,
    }),
  ),
});
export type ChangesTold = z.infer<typeof changesSchema>;
