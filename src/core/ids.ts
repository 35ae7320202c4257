import { randomBytes, randomFillSync } from 'node:crypto';
import type { Clock } from './clock.ts';

/**
 * A UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits. Rows keyed by it
 * stay in order of making, and the database needs no extension to make one.
 */
export function newId(clock: Pick<Clock, 'now'>): string {
  const bytes = randomBits();
  bytes.writeUIntBE(clock.now(), 0, 6);
  bytes[6] = 0x70 | (bytes.readUInt8(6) & 0x0f);
  bytes[8] = 0x80 | (bytes.readUInt8(8) & 0x3f);
  return renderUuid(bytes);
}

/** Of the system's generator, which costs as much for many bytes as for few: a whole stock at once, each used once. */
const stock = Buffer.alloc(4_096);
let used = stock.length;

function randomBits(): Buffer {
  if (used === stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  used += 16;
  return stock.subarray(used - 16, used);
}

/** 256 bits from the system's generator as 43 characters of base64url: session ids, one-time links, CSRF tokens. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** The 128 bits as text (RFC 9562, section 4). */
export function renderUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
