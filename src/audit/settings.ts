import { z } from 'zod';
import { durationSetting } from '../core/duration-setting.ts';

const wholeNumber = { error: 'Write a whole number from 100 to 1000000.' };

/** Section `audit` of the configuration. */
export const auditSettings = z.strictObject({
  keep: durationSetting('400d', 'How long records are kept.'),
  queue: z
    .int(wholeNumber)
    .min(100, wholeNumber)
    .max(1_000_000, wholeNumber)
    .default(10_000)
    .describe('Records that may wait while the database is away; those past it stand in the log alone.'),
});

export type AuditSettings = z.infer<typeof auditSettings>;
