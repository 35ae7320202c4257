import { customFetch, discovery } from 'openid-client';
import type { Clock } from '../../core/clock.ts';
import { kindOfAddress, type AddressKind } from './address-kind.ts';
import { asFetch } from './as-fetch.ts';
import { createClient, type Client } from './client.ts';
import { createDiscovered, type Discovered } from './discovered.ts';
import { createLanes } from './lanes.ts';
import { failureMs, longestAnswer, loginDeadlineMs, metadataFreshMs, mostRequests } from './limits.ts';
import { parseMetadata } from './metadata.ts';
import type { OidcOptions } from './options.ts';
import { remember } from './remember.ts';
import { requestWithin, type Limits } from './request-within.ts';
import { createResolveHost, type ResolveHost } from './resolve-host.ts';

export interface Provider {
  /**
   * What the provider says of itself: asked once for everybody who waits, remembered for an hour, a failure for 5 seconds.
   * Rejects within 5 seconds.
   */
  discover(): Promise<Discovered>;
}

export function createProvider(options: OidcOptions, clock: Clock): Provider {
  const client = createClient(options, clock);
  const resolveHost = createResolveHost();
  const discover = () => discoverProvider(options, client, { clock, resolveHost });
  return { discover: remember(discover, { clock, freshMs: metadataFreshMs, failureMs }) };
}

async function discoverProvider(
  options: OidcOptions,
  client: Client,
  { clock, resolveHost }: { readonly clock: Clock; readonly resolveHost: ResolveHost },
): Promise<Discovered> {
  const mayReachIssuer = reachOfIssuer(options);
  const limits = {
    signal: AbortSignal.timeout(loginDeadlineMs),
    longest: longestAnswer,
    mayReach: mayReachIssuer,
    resolveHost,
  };
  let kind: AddressKind = 'other';
  const ask = asFetch(async (url, asked) => {
    const answered = await requestWithin(url, asked, limits);
    kind = kindOfAddress(answered.address);
    return answered;
  });
  const found = await discovery(
    new URL(options.issuer),
    client.id,
    client.metadata(),
    client.authentication,
    { execute: client.execute, [customFetch]: ask, timeout: loginDeadlineMs / 1_000 },
  );
  const metadata = parseMetadata(found.serverMetadata(), options.issuer);
  const mayReach = reachOfEndpoints(options, kind);
  const inTurn = createLanes(mostRequests);
  return createDiscovered(metadata, client, {
    clock,
    request: (url, asked, signal) =>
      inTurn(signal, () =>
        requestWithin(url, asked, { signal, longest: longestAnswer, mayReach, resolveHost }),
      ),
  });
}

/** Over http nothing but this machine is asked, whatever a name comes to; over https the issuer may stand anywhere. */
const reachOfIssuer = ({ issuer }: OidcOptions): Limits['mayReach'] =>
  issuer.startsWith('http:') ? (address) => kindOfAddress(address) === 'loopback' : () => true;

/**
 * Metadata is input. An endpoint inside, of an issuer that is not, would have this server call into its own network (SSRF;
 * OWASP ASVS 5.0, 15.3.2).
 */
const reachOfEndpoints =
  ({ trustedHosts }: OidcOptions, issuerKind: AddressKind): Limits['mayReach'] =>
  (address, hostname) => {
    const kind = kindOfAddress(address);
    return kind === 'public' || kind === issuerKind || trustedHosts.includes(hostname);
  };
