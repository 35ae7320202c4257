import { z } from 'zod';
import { isLoopback } from '../../core/loopback.ts';
import { ProviderUnreachable } from './faults.ts';

/**
 * Signatures that are taken: of public keys alone. `none` is no signature, and HS* would take the client's secret (or a
 * public key, as text) for one (RFC 8725, sections 2.1 and 3.1).
 */
const takenAlgorithms: ReadonlySet<string> = new Set([
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA'],
]);

const taken = (algorithms: readonly string[]): string[] =>
  algorithms.filter((algorithm) => takenAlgorithms.has(algorithm));

const address = z.string().max(2_000);
const words = z.array(z.string());

/** What is needed of a provider's metadata (OpenID Connect Discovery 1.0, section 3). Everything else is left behind. */
const document = z.object({
  issuer: z.string(),
  authorization_endpoint: address,
  token_endpoint: address,
  jwks_uri: address,
  userinfo_endpoint: address.exactOptional(),
  end_session_endpoint: address.exactOptional(),
  // Without it, RS256: the default of OpenID Connect Dynamic Client Registration 1.0, section 2.
  id_token_signing_alg_values_supported: words.transform(taken).default(['RS256']),
  userinfo_signing_alg_values_supported: words.transform(taken).default([]),
  code_challenge_methods_supported: words.exactOptional(),
  token_endpoint_auth_methods_supported: words.exactOptional(),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
});

export type ProviderMetadata = z.output<typeof document>;

const endpoints = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'userinfo_endpoint',
  'end_session_endpoint',
] as const;

/**
 * The metadata of that issuer and no other, from what it answered.
 * @throws ProviderUnreachable with every fault.
 */
export function parseMetadata(given: unknown, issuer: string): ProviderMetadata {
  const parsed = document.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      ({ path, message }) => `${path.map(String).join('.')}: ${message}`,
    );
    throw new ProviderUnreachable(`the metadata can't be used: ${faults.join('; ')}`);
  }
  const metadata = parsed.data;
  // To the letter: tokens are compared with it, and accounts are keyed by it (OpenID Connect Discovery 1.0, section 4.3).
  if (metadata.issuer !== issuer) {
    throw new ProviderUnreachable(
      `the provider calls itself ${JSON.stringify(metadata.issuer.slice(0, 200))}, not ${JSON.stringify(issuer)}`,
    );
  }
  const faults = endpoints.flatMap((name) => {
    const fault = findEndpointFault(metadata[name], issuer);
    return fault === null ? [] : [`${name} ${fault}`];
  });
  if (metadata.id_token_signing_alg_values_supported.length === 0) {
    faults.push('id_token_signing_alg_values_supported has none that is taken (RS*, PS*, ES*, EdDSA)');
  }
  if (faults.length > 0) throw new ProviderUnreachable(`the metadata can't be used: ${faults.join('; ')}`);
  return metadata;
}

/** https alone; a provider that is itself on this machine over http may have such endpoints. */
function findEndpointFault(endpoint: string | undefined, issuer: string): string | null {
  if (endpoint === undefined) return null;
  if (!URL.canParse(endpoint)) return 'is no address';
  const url = new URL(endpoint);
  const plainHere = url.protocol === 'http:' && issuer.startsWith('http:') && isLoopback(url);
  if (url.protocol !== 'https:' && !plainHere) return 'is not https';
  return url.username !== '' || url.password !== '' || url.hash !== ''
    ? 'has a name, a password or a fragment'
    : null;
}
