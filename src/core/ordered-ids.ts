import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import { renderUuid } from './ids.ts';

const randomBits = 74n;
const lowBits = 62n;

/** The most milliseconds that an id is ahead of the clock that it was made by. */
export const mostAhead = 3_600_000;

/**
 * Makes UUIDs of version 7, each greater than the one before, also within one millisecond and after the clock was set
 * back: the random bits go on counting then, by random steps (RFC 9562, section 6.2, method 2). After a clock was set
 * back by more than an hour the ids follow it: it had been wrong, and they must not stay wrong for as long.
 */
export function createOrderedIds(clock: Clock): () => string {
  let moment = 0;
  let random = 0n;
  return () => {
    const now = Math.floor(clock.now());
    const next = random + 1n + BigInt(randomBytes(4).readUInt32BE());
    if (now > moment || moment - now > mostAhead) {
      moment = now;
      random = startingPoint();
    } else if (next >> randomBits > 0n) {
      moment += 1;
      random = startingPoint();
    } else random = next;
    return renderId(moment, random);
  };
}

const lastMoment = 2 ** 48 - 1;

/** The smallest UUID of version 7 of that millisecond: rows from then on have greater ones. */
export const firstIdAt = (moment: number): string =>
  renderId(Math.min(Math.max(0, Math.floor(moment)), lastMoment), 0n);

/** The topmost bit stays free, so that a busy millisecond has room to count. */
const startingPoint = (): bigint => BigInt(`0x${randomBytes(10).toString('hex')}`) >> (80n - randomBits + 1n);

function renderId(moment: number, random: bigint): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(moment, 0, 6);
  bytes.writeUInt16BE(0x7000 | Number(random >> lowBits), 6);
  bytes.writeBigUInt64BE((0b10n << lowBits) | (random & ((1n << lowBits) - 1n)), 8);
  return renderUuid(bytes);
}
