import { randomBytes } from 'node:crypto';

/** What an argon2id hash costs (RFC 9106, section 3.1). */
export interface Argon2idCost {
  /** m: KiB of memory. */
  readonly memory: number;
  /** t: passes over the memory. */
  readonly passes: number;
  /** p: lanes. */
  readonly lanes: number;
}

/** A hash that asks for more than this is not verified: one row of an imported table could stop the server. */
export const costCeiling = { memory: 262_144, passes: 16, lanes: 16, memoryTimesPasses: 1_048_576 } as const;

// 8 to 48 bytes of salt and 16 to 64 of digest, as unpadded base64: the shape, and a bound on its length.
const pattern =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,6}),t=([1-9]\d{0,2}),p=([1-9]\d?)\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{22,86}$/;

/** The cost of a PHC string of argon2id version 19; `null` where it is anything else. */
export function parseArgon2id(hash: string): Argon2idCost | null {
  const [, memory, passes, lanes] = pattern.exec(hash) ?? [];
  return memory === undefined
    ? null
    : { memory: Number(memory), passes: Number(passes), lanes: Number(lanes) };
}

/** Whether a verification of that cost ends in a bounded time, with parameters that argon2 accepts. */
export const isAffordable = ({ memory, passes, lanes }: Argon2idCost): boolean =>
  memory >= 8 * lanes &&
  memory <= costCeiling.memory &&
  passes <= costCeiling.passes &&
  lanes <= costCeiling.lanes &&
  memory * passes <= costCeiling.memoryTimesPasses;

export const isWeakerThan = (cost: Argon2idCost, wanted: Argon2idCost): boolean =>
  cost.memory < wanted.memory || cost.passes < wanted.passes;

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

/** A hash of no password: verifying against it costs the same and never matches. */
export const renderDummyHash = ({ memory, passes, lanes }: Argon2idCost): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${lanes}$${base64(randomBytes(16))}$${base64(randomBytes(32))}`;
