import type { Authenticator } from '../authenticators/authenticator.ts';
import { identify } from '../authenticators/identify.ts';
import type { Identified } from '../authenticators/identification.ts';
import type { RedirectResult } from '../authenticators/login.ts';
import { redirectRequest } from '../authenticators/request.ts';
import { attempt, type StrategyOutcome } from '../authenticators/seam.ts';
import { isRedirecting, startRedirect } from '../authenticators/start-redirect.ts';
import { type Log, silentLog } from '../core/log.ts';
import { originWithoutRequest } from '../core/origin.ts';
import {
  checksOf,
  type ConformanceCheck,
  contractCheck,
  expectThat,
  type Make,
  unprovedCheck,
} from './checks.ts';

export interface RedirectSamples {
  /** Plays browser and person: goes to that address, logs in there, and answers the address it is sent back to. */
  readonly follow: (url: URL) => Promise<URL>;
  /** Milliseconds that one attempt may take; 5,000 where nothing else is said. */
  readonly deadlineMs?: number;
}

type Started = Extract<RedirectResult, { kind: 'redirect' }>;
type Query = Readonly<Record<string, string>>;

/**
 * What every redirecting authenticator must do, as named checks for any test runner:
 *
 *     for (const check of redirectConformance(make, { follow })) test(check.name, check.run);
 *
 * `make` is called once for each check.
 */
export function redirectConformance(
  make: Make,
  { follow, deadlineMs = 5_000 }: RedirectSamples,
): readonly ConformanceCheck[] {
  const check = checksOf(make);
  const origin = { ...originWithoutRequest('anonymous'), address: '192.0.2.1', userAgent: 'conformance' };

  async function start(authenticator: Authenticator): Promise<Started> {
    expectThat(isRedirecting(authenticator), 'It has no member redirect.');
    const reasons: string[] = [];
    const log: Log = {
      ...silentLog,
      warn: (fields) => void reasons.push('reason' in fields ? String(fields.reason) : ''),
    };
    const asked = { authenticator: authenticator.name, origin, reauthenticate: false };
    const started = await startRedirect(authenticator, asked, { deadlineMs, log });
    expectThat(started.kind === 'redirect', `It did not redirect: ${reasons.join(' ')}`);
    return started;
  }

  const finish = (
    authenticator: Authenticator,
    query: Query,
    kept: Started['kept'],
    log = silentLog,
  ): Promise<StrategyOutcome> => {
    const url = `/login/${authenticator.name}/callback?${new URLSearchParams(query).toString()}`;
    const request = redirectRequest({ url, query, session: kept }, origin);
    return attempt(authenticator.strategy, request, { deadlineMs, log });
  };

  /** Whom a callback proves; an error is nobody. */
  async function proved(
    authenticator: Authenticator,
    query: Query,
    kept: Started['kept'],
  ): Promise<Identified['kind'] | 'error'> {
    const outcome = await finish(authenticator, query, kept);
    const needs = { deadlineMs, secrets: [], refusedAs: 'LOGIN_REFUSED' } as const;
    return identify(authenticator, outcome, needs).then(
      ({ kind }) => kind,
      () => 'error',
    );
  }

  const isSomebody = (kind: string): boolean => kind === 'identity' || kind === 'account';

  /** A start, and the query that the provider sends the browser back with. */
  async function throughProvider(authenticator: Authenticator): Promise<Started & { readonly query: Query }> {
    const started = await start(authenticator);
    const back = await follow(started.url);
    return { ...started, query: Object.fromEntries(back.searchParams) };
  }

  return [
    contractCheck(make),

    check('it redirects to https, and keeps at most 2,000 bytes of JSON', async (authenticator) => {
      await start(authenticator);
    }),

    check('two starts have neither a state nor anything kept in common', async (authenticator) => {
      const [one, two] = [await start(authenticator), await start(authenticator)];
      const same =
        one.state === two.state &&
        (one.state !== null || JSON.stringify(one.kept) === JSON.stringify(two.kept));
      expectThat(!same, 'Two starts look the same: a callback of one would fit the other.');
    }),

    check('a callback proves somebody', async (authenticator) => {
      const { query, kept } = await throughProvider(authenticator);
      const kind = await proved(authenticator, query, kept);
      expectThat(isSomebody(kind), `Whoever came back from the provider ended in "${kind}".`);
    }),

    check('logins side by side do not meet', async (authenticator) => {
      const all = await Promise.all(Array.from({ length: 4 }, () => throughProvider(authenticator)));
      const kinds = await Promise.all(
        all.toReversed().map(({ query, kept }) => proved(authenticator, query, kept)),
      );
      expectThat(kinds.every(isSomebody), 'Of logins made at once some did not end.');
    }),

    check('a callback with what another start kept proves nobody', async (authenticator) => {
      const [one, two] = [await throughProvider(authenticator), await throughProvider(authenticator)];
      const kind = await proved(authenticator, one.query, two.kept);
      expectThat(
        !isSomebody(kind),
        'The answer to one login was taken for another: somebody else could be logged in.',
      );
    }),

    check('a callback with nothing kept proves nobody', async (authenticator) => {
      const { query } = await throughProvider(authenticator);
      const kind = await proved(authenticator, query, {});
      expectThat(!isSomebody(kind), 'A callback that no start belongs to was taken.');
    }),

    check('an invented answer proves nobody', async (authenticator) => {
      const { query, kept, state } = await throughProvider(authenticator);
      const invented = Object.fromEntries(
        Object.entries(query).map(([name, value]) => [name, value === state ? value : 'invented']),
      );
      const kind = await proved(authenticator, invented, kept);
      expectThat(!isSomebody(kind), 'An answer that the provider never gave was taken.');
    }),

    check('an error of the provider proves nobody', async (authenticator) => {
      const { kept, state } = await start(authenticator);
      const query = { error: 'access_denied', ...(state === null ? {} : { state }) };
      const kind = await proved(authenticator, query, kept);
      expectThat(!isSomebody(kind), 'A provider that said no was taken for a yes.');
    }),

    check('it answers once', async (authenticator) => {
      let answers = 0;
      const log = { ...silentLog, warn: () => (answers += 1) };
      const { query, kept } = await throughProvider(authenticator);
      await finish(authenticator, query, kept, log);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expectThat(answers === 0, 'The strategy answered a second time.');
    }),

    unprovedCheck(make),
  ];
}
