import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Secret } from '../core/secret.ts';

/**
 * The places of a list as callers see them. Everybody may read the cursor of an edge, so it tells nothing of its row:
 * the key that the list is kept in order of (a username, say) may be denied to whoever may turn the pages.
 */
export interface Cursors {
  seal(key: string): string;
  /** `null` where the cursor is none of ours. */
  open(cursor: string): string | null;
}

const nonceBytes = 12;
const tagBytes = 16;
/** Keys are filled up to a multiple of this: a length tells something too. */
const blockBytes = 32;
const longestCursor = 1_000;

/** AES-256-GCM (NIST SP 800-38D), one key for each secret by HKDF (RFC 5869). The first secret seals, all open. */
export function createCursors(secrets: readonly Secret[]): Cursors {
  const keys = secrets.map(
    (secret) => new Uint8Array(hkdfSync('sha256', secret.reveal(), '', 'portcullis cursor', 32)),
  );
  const [sealing] = keys;
  if (sealing === undefined) throw new Error('Cursors need at least one secret.');
  return {
    seal(key) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce);
      const sealed = [cipher.update(fill(key)), cipher.final()];
      return Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]).toString('base64url');
    },
    open(cursor) {
      if (cursor.length > longestCursor) return null;
      const bytes = Buffer.from(cursor, 'base64url');
      if (bytes.length < nonceBytes + tagBytes + blockBytes) return null;
      for (const key of keys) {
        const opened = openWith(key, bytes);
        if (opened !== null) return opened;
      }
      return null;
    },
  };
}

function openWith(key: Uint8Array, bytes: Buffer): string | null {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    const filled = Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
    return filled.subarray(0, filled.lastIndexOf(end)).toString('utf8');
  } catch {
    return null;
  }
}

/** Ends a key: it stands in no UTF-8 text. */
const end = 0xff;

function fill(key: string): Buffer {
  const text = Buffer.from(key, 'utf8');
  const filled = Buffer.alloc(Math.ceil((text.length + 1) / blockBytes) * blockBytes);
  text.copy(filled);
  filled[text.length] = end;
  return filled;
}
