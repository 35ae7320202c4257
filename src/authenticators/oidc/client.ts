import {
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  clockSkew,
  clockTolerance,
  None,
  type ClientAuth,
  type ClientMetadata,
  type DiscoveryRequestOptions,
} from 'openid-client';
import { systemClock, type Clock } from '../../core/clock.ts';
import { skewSeconds } from './limits.ts';
import type { OidcOptions } from './options.ts';

/** This server as a client of the provider, in the library's words. */
export interface Client {
  readonly id: string;
  readonly authentication: ClientAuth;
  /** Made anew for each login: it says how far our clock is from the system's, which the library asks. */
  metadata(): Partial<ClientMetadata>;
  readonly execute: NonNullable<DiscoveryRequestOptions['execute']>;
}

export function createClient(options: OidcOptions, clock: Clock): Client {
  return {
    id: options.clientId,
    authentication: createAuthentication(options),
    metadata: () => ({
      [clockSkew]: Math.round((clock.now() - systemClock.now()) / 1_000),
      [clockTolerance]: skewSeconds,
    }),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out; http is for this machine alone
    execute: options.issuer.startsWith('http:') ? [allowInsecureRequests] : [],
  };
}

function createAuthentication({ clientSecret, clientAuthentication }: OidcOptions): ClientAuth {
  if (clientSecret === undefined) return None();
  return clientAuthentication === 'client_secret_post'
    ? ClientSecretPost(clientSecret.reveal())
    : ClientSecretBasic(clientSecret.reveal());
}
