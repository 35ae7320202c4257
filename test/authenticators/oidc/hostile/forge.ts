import { createHash, createHmac, randomBytes } from 'node:crypto';
import { CompactSign, exportJWK, exportSPKI, generateKeyPair, type CryptoKey, type JWK } from 'jose';

/** A key pair as a provider has it. */
export interface Pair {
  readonly privateKey: CryptoKey;
  /** As it is published. */
  readonly jwk: JWK;
  readonly pem: string;
}

/** Keys that an honest provider has, and one of somebody else. Made once: RSA keys take their time. */
export interface Keyring {
  readonly own: Pair;
  readonly foreign: Pair;
}

export async function createPair(algorithm: string, kid: string): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
  return { privateKey, jwk, pem: await exportSPKI(publicKey) };
}

export const createKeyring = async (): Promise<Keyring> => ({
  own: await createPair('RS256', 'own'),
  foreign: await createPair('RS256', 'own'),
});

export type Header = Readonly<Record<string, unknown>>;
/** An object, or the text itself. */
export type Payload = string | Readonly<Record<string, unknown>>;

export const textOf = (payload: Payload): string =>
  typeof payload === 'string' ? payload : JSON.stringify(payload);

const encode = (text: string): string => Buffer.from(text).toString('base64url');

/** A token signed as its header says, whatever stands in it. */
export const sign = (key: CryptoKey, header: Header, payload: Payload): Promise<string> =>
  new CompactSign(Buffer.from(textOf(payload)))
    .setProtectedHeader({ alg: 'RS256', ...header })
    .sign(key, { crit: { 'acme-must': false } });

export const unsigned = (header: Header, payload: Payload, signature = ''): string =>
  `${encode(JSON.stringify(header))}.${encode(textOf(payload))}.${signature}`;

/** A token whose "signature" is a hash with a secret that everybody knows, or that the provider shares. */
export function hashed(secret: string, header: Header, payload: Payload): string {
  const text = unsigned({ ...header, alg: 'HS256' }, payload).slice(0, -1);
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** OpenID Connect Core 1.0, section 3.1.3.6, for the algorithms that end in 256. */
export function atHashOf(accessToken: string): string {
  const digest = createHash('sha256').update(accessToken).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

export const randomToken = (): string => randomBytes(24).toString('base64url');

/** RFC 7636, section 4.6. */
export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');
