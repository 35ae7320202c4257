import type { AttributeDeclarations } from '../../../src/accounts/attributes.ts';
import type { Authenticator, Identification } from '../../../src/authenticators/authenticator.ts';
import { oidc } from '../../../src/authenticators/oidc/index.ts';
import { redirectRequest } from '../../../src/authenticators/request.ts';
import { attempt, type StrategyOutcome } from '../../../src/authenticators/seam.ts';
import { systemClock, type Clock } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';

export const clientId = 'portcullis';
export const clientSecret = 'the secret of the client at the provider';
const client = { address: '192.0.2.1', userAgent: 'jest' };

export interface RelyingParty {
  readonly name: string;
  readonly callbackUrl: URL;
  readonly authenticator: Authenticator;
  start(how?: { readonly reauthenticate?: boolean }): Promise<Started>;
  /** The callback with that query, in the browser that keeps that session. */
  finish(query: Readonly<Record<string, string>>, session: Session): Promise<Finished>;
}

export type Session = Readonly<Record<string, unknown>>;

export interface Started {
  readonly outcome: StrategyOutcome;
  readonly url: URL;
  readonly session: Session;
}

export interface Finished {
  readonly outcome: StrategyOutcome;
  readonly identification: Identification;
  /** The strategy's error as a log would have it. */
  readonly said: string;
}

export interface RelyingPartyOptions {
  readonly options: Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly attributes?: AttributeDeclarations;
  readonly clock?: Clock;
  readonly publicUrl?: string;
}

/** The authenticator as the registry makes it, called through the seam as the door calls it. */
export function createRelyingParty({
  options,
  name = 'acme',
  attributes = {},
  clock = systemClock,
  publicUrl = 'http://localhost:4000',
}: RelyingPartyOptions): RelyingParty {
  const callbackUrl = new URL(`/login/${name}/callback`, publicUrl);
  const authenticator = oidc.create(
    oidc.options.parse({ clientId, clientSecret, label: 'Acme', ...options }),
    { name, accounts: noAccounts, callbackUrl, attributes, clock, log: silentLog },
  );
  const ask = async (request: ReturnType<typeof redirectRequest>) =>
    attempt(authenticator.strategy, request, { deadlineMs: 5_000, log: silentLog });

  return {
    name,
    callbackUrl,
    authenticator,
    async start(how = {}) {
      const request = redirectRequest({ url: `/login/${name}`, ...how }, client);
      const outcome = await ask(request);
      return {
        outcome,
        url: new URL(outcome.kind === 'redirect' ? outcome.url : 'nowhere:'),
        // As it comes back out of a cookie.
        session: JSON.parse(JSON.stringify(request.session)) as Session,
      };
    },
    async finish(query, session) {
      const url = `${callbackUrl.pathname}?${new URLSearchParams(query).toString()}`;
      const outcome = await ask(redirectRequest({ url, query, session: structuredClone(session) }, client));
      return {
        outcome,
        identification: await authenticator.identify(outcome.kind === 'success' ? outcome.user : null),
        said: sayOutcome(outcome),
      };
    },
  };
}

const noAccounts = {
  verifyPassword: () => Promise.resolve(null),
  findByUsername: () => Promise.resolve(null),
};

function sayOutcome(outcome: StrategyOutcome): string {
  if (outcome.kind !== 'error' || !(outcome.error instanceof Error)) return outcome.kind;
  const { error } = outcome;
  const detail = 'detail' in error && typeof error.detail === 'string' ? error.detail : '';
  return [error.message, detail].join(' ').trim();
}

/** The query of the address that a provider sends a browser to. */
export const queryOf = (url: URL): Record<string, string> => Object.fromEntries(url.searchParams);
