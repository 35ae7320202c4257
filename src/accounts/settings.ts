import { z } from 'zod';
import { costCeiling } from './hashing/argon2id.ts';
import type { HasherSettings } from './hashing/hasher.ts';

/** Section `passwords` of the configuration. The floors are OWASP's (Password Storage Cheat Sheet, argon2id). */
export const passwordSettings = z.strictObject({
  minLength: z.int().min(8).max(64).default(12).describe('The shortest new password, in characters.'),
  memoryKiB: z
    .int()
    .min(19_456)
    .max(65_536)
    .default(19_456)
    .describe('argon2id: memory for one hash, in KiB.'),
  passes: z.int().min(2).max(costCeiling.passes).default(2).describe('argon2id: passes over the memory.'),
  concurrency: z.int().min(1).max(64).default(2).describe('Hashes computed at the same time.'),
  queue: z.int().min(0).max(10_000).default(64).describe('Hashes that may wait; past it the answer is 429.'),
});

export type PasswordSettings = z.infer<typeof passwordSettings>;

/** Longest wait for a turn at hashing, and longest time for one hash, milliseconds. */
const waitDeadline = 1_000;
const workDeadline = 3_000;

/** What the hasher makes of the settings. */
export const hasherSettings = (settings: Omit<PasswordSettings, 'minLength'>): HasherSettings => ({
  cost: { memory: settings.memoryKiB, passes: settings.passes, lanes: 1 },
  concurrency: settings.concurrency,
  waiting: settings.queue,
  waitDeadline,
  workDeadline,
});
