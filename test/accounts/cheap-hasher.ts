import { createHasher, type Hasher, type HasherSettings } from '../../src/accounts/hashing/hasher.ts';
import { systemClock } from '../../src/core/clock.ts';
import { type Log, silentLog } from '../../src/core/log.ts';

/** The least that argon2 accepts: for tests of what stands around a hash. Never for those of the hash. */
export const cheapSettings: HasherSettings = {
  cost: { memory: 64, passes: 1, lanes: 1 },
  concurrency: 2,
  waiting: 1_000,
  waitDeadline: 10_000,
  workDeadline: 10_000,
};

export const cheapHasher = (settings: Partial<HasherSettings> = {}, log: Log = silentLog): Hasher =>
  createHasher({ settings: { ...cheapSettings, ...settings }, clock: systemClock, log });
