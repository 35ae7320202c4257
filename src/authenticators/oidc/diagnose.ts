import { importJWK } from 'jose';
import { z } from 'zod';
import type { Diagnosis } from '../authenticator.ts';
import type { Discovered } from './discovered.ts';
import { describeFault, ProviderUnreachable } from './faults.ts';
import type { ProviderMetadata } from './metadata.ts';
import type { OidcOptions } from './options.ts';
import type { Provider } from './provider.ts';
import { loginDeadlineMs } from './limits.ts';
import { untilAborted } from './until-aborted.ts';

const good = (message: string): Diagnosis => ({ ok: true, message, remedy: null });
const bad = (message: string, remedy: string): Diagnosis => ({ ok: false, message, remedy });

/** Tries what a login there depends on, as far as that goes without a person. Never rejects; takes at most 5 seconds. */
export async function diagnose(
  options: OidcOptions,
  label: string,
  provider: Provider,
): Promise<readonly Diagnosis[]> {
  const signal = AbortSignal.timeout(loginDeadlineMs);
  try {
    const discovered = await untilAborted(signal, provider.discover());
    const { metadata } = discovered;
    return [
      good(`${label}: discovery of ${metadata.issuer} answered, and names that issuer.`),
      diagnosePkce(label, metadata),
      diagnoseClient(label, options, metadata),
      await diagnoseKeys(label, discovered, signal),
      diagnoseUserinfo(label, options, metadata),
      diagnoseLogout(label, metadata),
    ];
  } catch (error) {
    return [
      bad(
        `${label}: discovery failed: ${describeFault(error)}.`,
        `Open ${wellKnownOf(options.issuer)} from this machine. The option "issuer" must be what it says, to the letter.`,
      ),
    ];
  }
}

const wellKnownOf = (issuer: string): string =>
  `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;

function diagnosePkce(
  label: string,
  { code_challenge_methods_supported: methods }: ProviderMetadata,
): Diagnosis {
  if (methods?.includes('S256') === true) return good(`${label}: it supports PKCE with S256.`);
  return bad(
    `${label}: it does not say that it supports PKCE with S256.`,
    'It is sent all the same. Where logins fail, switch it on for this client, at the provider (RFC 9700, section 2.1.1).',
  );
}

function diagnoseClient(label: string, options: OidcOptions, metadata: ProviderMetadata): Diagnosis {
  // Left out, it is client_secret_basic: OpenID Connect Discovery 1.0, section 3.
  const supported = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const used = options.clientAuthentication;
  return supported.includes(used)
    ? good(`${label}: it takes ${used}.`)
    : bad(
        `${label}: it does not list ${used} among the ways in which a client authenticates.`,
        `Set clientAuthentication to one of: ${supported.join(', ')}.`,
      );
}

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

async function diagnoseKeys(
  label: string,
  { askForKeys }: Discovered,
  signal: AbortSignal,
): Promise<Diagnosis> {
  try {
    const { status, body } = await untilAborted(signal, askForKeys());
    if (status !== 200) throw new ProviderUnreachable(`it answered with the status ${status}`);
    const { keys } = keySet.parse(JSON.parse(Buffer.from(body).toString()));
    const usable = await Promise.all(keys.map(isUsable));
    const count = usable.filter(Boolean).length;
    return count > 0
      ? good(
          `${label}: it publishes ${count} ${count === 1 ? 'key' : 'keys'} that signatures can be verified with.`,
        )
      : bad(`${label}: it publishes no key that signatures can be verified with.`, keysRemedy);
  } catch (error) {
    const reason = error instanceof ProviderUnreachable ? error.message : 'what it answered is no key set';
    return bad(`${label}: its keys can't be fetched: ${reason}.`, keysRemedy);
  }
}

const keysRemedy =
  'Open the address at "jwks_uri" of its metadata from this machine: it must list public keys (RFC 7517) of the kind RSA, EC or OKP.';

const algorithms: Readonly<Partial<Record<string, string>>> = { RSA: 'RS256', EC: 'ES256', OKP: 'EdDSA' };

async function isUsable(key: { readonly kty: string; readonly [member: string]: unknown }): Promise<boolean> {
  const { use = 'sig', alg = algorithms[key.kty] } = key;
  if (use !== 'sig' || typeof alg !== 'string' || algorithms[key.kty] === undefined) return false;
  try {
    await importJWK(key, alg);
    return true;
  } catch {
    return false;
  }
}

function diagnoseUserinfo(label: string, { userinfo }: OidcOptions, metadata: ProviderMetadata): Diagnosis {
  if (!userinfo) return good(`${label}: claims come from the ID token alone, as the option "userinfo" says.`);
  return metadata.userinfo_endpoint === undefined
    ? good(`${label}: it has no userinfo endpoint; claims come from the ID token alone.`)
    : good(`${label}: claims come from the ID token and from userinfo.`);
}

const diagnoseLogout = (label: string, { end_session_endpoint: endpoint }: ProviderMetadata): Diagnosis =>
  endpoint === undefined
    ? good(`${label}: it has no logout of its own; whoever logs out here stays logged in there.`)
    : good(`${label}: whoever logs out here is sent there to log out too.`);
