import { hkdfSync } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import type { Clock } from '../core/clock.ts';
import type { Secret } from '../core/secret.ts';

export interface SealNeeds {
  /** Separates its keys from those of every other purpose. */
  readonly purpose: string;
  /** The first encrypts, all decrypt: put a new one in front to rotate. */
  readonly secrets: readonly Secret[];
  /** Seconds that what was sealed is good for. */
  readonly lifetime: number;
  readonly clock: Clock;
}

/** JSON. */
export type SealedValues = Readonly<Record<string, unknown>>;

/** What was sealed, and when, in milliseconds since the Unix epoch: whole seconds. */
export interface Opened {
  readonly values: SealedValues;
  readonly sealedAt: number;
}

/** Text that a browser keeps for us, unreadable and unchangeable to anybody but us. */
export interface Seal {
  /** For the cookie of that name alone. */
  seal(name: string, values: SealedValues): Promise<string>;
  /** `null` where it is too old, of another name, or not of our making: there is no difference. */
  open(name: string, token: string): Promise<Opened | null>;
}

/** An encrypted JWT (RFC 7516, `dir` with A256GCM), one key for each secret and purpose by HKDF (RFC 5869). */
export function createSeal({ purpose, secrets, lifetime, clock }: SealNeeds): Seal {
  const keys = secrets.map(
    (secret) => new Uint8Array(hkdfSync('sha256', secret.reveal(), '', `portcullis cookie ${purpose}`, 32)),
  );
  const [sealing] = keys;
  if (sealing === undefined) throw new Error('A sealed cookie needs at least one secret.');

  const openWith = async (key: Uint8Array, name: string, token: string): Promise<Opened | null> => {
    try {
      const { payload } = await jwtDecrypt<{ values?: SealedValues }>(token, key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        audience: name,
        requiredClaims: ['exp', 'iat', 'values'],
        currentDate: new Date(clock.now()),
      });
      return { values: payload.values ?? {}, sealedAt: (payload.iat ?? 0) * 1_000 };
    } catch {
      return null;
    }
  };

  return {
    seal: (name, values) => {
      const now = Math.floor(clock.now() / 1_000);
      return new EncryptJWT({ values })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setAudience(name)
        .setIssuedAt(now)
        .setExpirationTime(now + lifetime)
        .encrypt(sealing);
    },
    async open(name, token) {
      for (const key of keys) {
        const opened = await openWith(key, name, token);
        if (opened !== null) return opened;
      }
      return null;
    },
  };
}
