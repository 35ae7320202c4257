import type { Clock } from '../../core/clock.ts';
import { PortcullisError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Password } from '../password.ts';
import { isAffordable, isWeakerThan, parseArgon2id, renderDummyHash, type Argon2idCost } from './argon2id.ts';
import { createHashingProcess } from './hashing-process.ts';
import { createWaitingRoom, type WaitingRoomSettings, type WaitingRoomStatus } from './waiting-room.ts';

export interface HasherSettings extends WaitingRoomSettings {
  readonly cost: Argon2idCost;
  /** Longest one hash may take, milliseconds. */
  readonly workDeadline: number;
}

export type Verification =
  | 'match'
  | 'mismatch'
  /** The stored text is no hash that can be verified. It took as long to say so as to verify one. */
  | 'unusable';

/** Hashes passwords in a process of its own. BUSY where too many wait, UNAVAILABLE where the process dies. */
export interface Hasher {
  /** A PHC string, argon2id. */
  hash(password: Password): Promise<string>;
  /** `null` stands for a hash that does not exist: a dummy of the same cost is verified. */
  verify(stored: string | null, password: Password): Promise<Verification>;
  /** Whether a stored hash is worth replacing by one of today's cost. */
  isOutdated(stored: string): boolean;
  /** The process that works now. */
  pid(): number | undefined;
  /** How many passwords are hashed, and wait to be. */
  status(): WaitingRoomStatus;
  close(): Promise<void>;
}

interface Needs {
  readonly settings: HasherSettings;
  readonly clock: Clock;
  readonly log: Log;
}

export function createHasher({ settings, clock, log }: Needs): Hasher {
  const { cost, concurrency, workDeadline } = settings;
  const process = createHashingProcess({ threads: concurrency, deadline: workDeadline, clock, log });
  const queue = createWaitingRoom(settings);
  const dummy = renderDummyHash(cost);

  return {
    async hash(password) {
      const answer = await queue.run(() => process.run({ kind: 'hash', password, cost }));
      if ('hash' in answer) return answer.hash;
      throw new PortcullisError('INTERNAL', { detail: 'the hashing process answered something else' });
    },
    async verify(stored, password) {
      // The dummy is looked at like any other: what is left out for nobody would tell that it is nobody.
      const asked = stored ?? dummy;
      const storedCost = parseArgon2id(asked);
      const usable = storedCost !== null && isAffordable(storedCost);
      const hash = usable ? asked : dummy;
      const answer = await queue.run(() => process.run({ kind: 'verify', hash, password }));
      if (!usable) return 'unusable';
      return 'matches' in answer && answer.matches && hash === stored ? 'match' : 'mismatch';
    },
    isOutdated(stored) {
      const storedCost = parseArgon2id(stored);
      return storedCost === null || isWeakerThan(storedCost, cost);
    },
    pid: () => process.pid(),
    status: () => queue.status(),
    close: () => process.close(),
  };
}
