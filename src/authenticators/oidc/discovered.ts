import {
  Configuration,
  customFetch,
  enableNonRepudiationChecks,
  getJwksCache,
  setJwksCache,
  type ExportedJWKSCache,
} from 'openid-client';
import type { Clock } from '../../core/clock.ts';
import { asFetch } from './as-fetch.ts';
import type { Client } from './client.ts';
import { failureMs, loginDeadlineMs } from './limits.ts';
import type { ProviderMetadata } from './metadata.ts';
import { remember } from './remember.ts';
import type { Answered, Asked } from './request-within.ts';
import { untilAborted } from './until-aborted.ts';

/** A provider as discovery found it. */
export interface Discovered {
  readonly metadata: ProviderMetadata;
  /** The library's handle for one login: its requests end with that signal. */
  configure(signal: AbortSignal): Configuration;
  /** Keeps the keys that a login fetched, for those after it. */
  keepKeys(configuration: Configuration): void;
  /** Has the next login fetch the keys. */
  dropKeys(): void;
  /** The key set as the provider publishes it now. Rejects with ProviderUnreachable. */
  askForKeys: () => Promise<Answered>;
}

export interface DiscoveredNeeds {
  readonly clock: Clock;
  readonly request: (url: URL, asked: Asked, signal: AbortSignal) => Promise<Answered>;
}

const keySetRequest: Asked = {
  method: 'GET',
  headers: { accept: 'application/json, application/jwk-set+json' },
  body: null,
};

export function createDiscovered(
  metadata: ProviderMetadata,
  client: Client,
  { clock, request }: DiscoveredNeeds,
): Discovered {
  const keySetUrl = new URL(metadata.jwks_uri).href;
  // Logins that need the keys at the same time share one request, with a deadline of its own.
  const askForKeys = remember(
    () => request(new URL(keySetUrl), keySetRequest, AbortSignal.timeout(loginDeadlineMs)),
    { clock, freshMs: 0, failureMs },
  );
  let keys: ExportedJWKSCache | null = null;
  // What came first: a login takes the key set that another one fetched while it was under way.
  let events = 0;
  let latest: { readonly at: number; readonly answered: Answered } | null = null;

  async function askSince(began: number): Promise<Answered> {
    if (latest !== null && latest.at > began) return latest.answered;
    const answered = await askForKeys();
    if (answered.status === 200) latest = { at: (events += 1), answered };
    return answered;
  }

  return {
    metadata,
    askForKeys,
    configure(signal) {
      const { id, authentication, execute } = client;
      const began = (events += 1);
      const configuration = new Configuration(metadata, id, client.metadata(), authentication);
      configuration.timeout = loginDeadlineMs / 1_000;
      configuration[customFetch] = asFetch((url, asked) =>
        url.href === keySetUrl ? untilAborted(signal, askSince(began)) : request(url, asked, signal),
      );
      for (const change of execute) change(configuration);
      // OpenID Connect Core 1.0, section 3.1.3.7, lets a client trust TLS alone; here the signature is always verified.
      enableNonRepudiationChecks(configuration);
      if (keys !== null) setJwksCache(configuration, { ...keys, uat: dateFor(keys) });
      return configuration;
    },
    keepKeys(configuration) {
      const learned = getJwksCache(configuration);
      // Those that it was given were dated back; what it fetched is dated now.
      if (learned !== undefined && learned.uat > dateFor(keys)) keys = learned;
    },
    dropKeys() {
      keys = null;
    },
  };
}

/**
 * The library fetches keys anew for a `kid` that it does not know only where those it has are a minute old; told that they
 * are, it does it at once, and a login right after a rotation works. It does so once in a login, and only the provider's
 * own token endpoint can name a `kid`: nobody else makes it fetch.
 */
const dateFor = (keys: ExportedJWKSCache | null): number => (keys?.uat ?? 0) - 60;
