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

/** Bytes (RFC 9106, section 4). */
export const saltLength = 16;
export const digestLength = 32;

/** A hash that asks for more than this is not verified: one row of an imported table could stop the server. */
export const costCeiling = { memory: 262_144, passes: 16, lanes: 16, memoryTimesPasses: 1_048_576 } as const;

// 8 to 48 bytes of salt and 16 to 64 of digest, as unpadded base64: the shape, and a bound on its length.
const pattern =
  /^\$argon2id\$v=19\$([mtp]=[1-9]\d{0,6}(?:,[mtp]=[1-9]\d{0,6}){2})\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{22,86}$/;

/**
 * The cost of a PHC string of argon2id version 19; `null` where it is anything else. The parameters may be in any order:
 * the format says `m,t,p`, and the argon2 package writes `m,p,t`.
 */
export function parseArgon2id(hash: string): Argon2idCost | null {
  const parameters = new Map(
    pattern
      .exec(hash)?.[1]
      ?.split(',')
      .map((part) => [part[0], Number(part.slice(2))]),
  );
  const [memory, passes, lanes] = [parameters.get('m'), parameters.get('t'), parameters.get('p')];
  return memory === undefined || passes === undefined || lanes === undefined
    ? null
    : { memory, passes, lanes };
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

/** A PHC string, the parameters in the order that every other implementation reads (RFC 9106's reference code). */
export const renderArgon2id = (
  { memory, passes, lanes }: Argon2idCost,
  salt: Buffer,
  digest: Buffer,
): string => `$argon2id$v=19$m=${memory},t=${passes},p=${lanes}$${base64(salt)}$${base64(digest)}`;

/** A hash of no password: verifying against it costs the same and never matches. */
export const renderDummyHash = (cost: Argon2idCost): string =>
  renderArgon2id(cost, randomBytes(saltLength), randomBytes(digestLength));
