import type { Authenticator } from '../authenticators/authenticator.ts';
import { formRequest } from '../authenticators/request.ts';
import { attempt, type StrategyOutcome } from '../authenticators/seam.ts';
import { silentLog } from '../core/log.ts';
import {
  checksOf,
  type ConformanceCheck,
  contractCheck,
  expectThat,
  type Make,
  unprovedCheck,
} from './checks.ts';

export interface ConformanceSamples {
  /** Values of the form's fields that log somebody in. */
  readonly validCredentials: Readonly<Record<string, string>>;
  /** Well-formed values that do not. */
  readonly invalidCredentials: Readonly<Record<string, string>>;
  /** Milliseconds that one attempt may take; 5,000 where nothing else is said. */
  readonly deadlineMs?: number;
}

/**
 * What every authenticator with a form must do, as named checks for any test runner:
 *
 *     for (const check of authenticatorConformance(make, samples)) test(check.name, check.run);
 *
 * `make` is called once for each check.
 */
export function authenticatorConformance(
  make: Make,
  { validCredentials, invalidCredentials, deadlineMs = 5_000 }: ConformanceSamples,
): readonly ConformanceCheck[] {
  const client = { address: '192.0.2.1', userAgent: 'conformance' };

  const outcomeOf = (authenticator: Authenticator, request: object): Promise<StrategyOutcome> =>
    attempt(
      authenticator.strategy,
      { ...formRequest(new Map(), client), ...request },
      { deadlineMs, log: silentLog },
    );

  /** Whether that request would log somebody in. */
  async function letsIn(authenticator: Authenticator, request: object): Promise<boolean> {
    const outcome = await outcomeOf(authenticator, request);
    return outcome.kind === 'success' && (await authenticator.identify(outcome.user)).kind === 'account';
  }

  const check = checksOf(make);

  return [
    contractCheck(make),

    check('valid credentials prove an account', async (authenticator) => {
      const isIn = await letsIn(authenticator, { body: validCredentials });
      expectThat(isIn, 'The valid credentials proved nobody.');
    }),

    check('invalid credentials prove nobody, and are no error', async (authenticator) => {
      const { kind } = await outcomeOf(authenticator, { body: invalidCredentials });
      expectThat(kind !== 'success' && kind !== 'error', `The invalid credentials ended in "${kind}".`);
    }),

    check('credentials in the query string prove nobody', async (authenticator) => {
      const isIn = await letsIn(authenticator, { query: validCredentials });
      expectThat(!isIn, 'Credentials in a query string were taken; they end up in logs.');
    }),

    check('a missing field proves nobody', async (authenticator) => {
      for (const missing of Object.keys(validCredentials)) {
        const entries = Object.entries(validCredentials).filter(([name]) => name !== missing);
        const isIn = await letsIn(authenticator, { body: Object.fromEntries(entries) });
        expectThat(!isIn, `Somebody was proved without the field ${missing}.`);
      }
    }),

    check('a value that is no string proves nobody', async (authenticator) => {
      for (const name of Object.keys(validCredentials)) {
        for (const value of notStrings(validCredentials[name] ?? '')) {
          const isIn = await letsIn(authenticator, { body: { ...validCredentials, [name]: value } });
          expectThat(!isIn, `Somebody was proved by a ${name} of the type ${typeof value}.`);
        }
      }
    }),

    check('attempts side by side do not meet', async (authenticator) => {
      const bodies = Array.from({ length: 8 }, (_, at) =>
        at % 2 === 0 ? validCredentials : invalidCredentials,
      );
      const results = await Promise.all(bodies.map((body) => letsIn(authenticator, { body })));
      const isRight = results.every((isIn, at) => isIn === (at % 2 === 0));
      expectThat(isRight, 'Of attempts made at once some got another one’s answer.');
    }),

    check('it answers once', async (authenticator) => {
      let answers = 0;
      const log = { ...silentLog, warn: () => (answers += 1) };
      const request = { ...formRequest(new Map(Object.entries(validCredentials)), client) };
      await attempt(authenticator.strategy, request, { deadlineMs, log });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expectThat(answers === 0, 'The strategy answered a second time.');
    }),

    unprovedCheck(make),
  ];
}

const notStrings = (value: string): readonly unknown[] => [
  Number.isNaN(Number(value)) ? 0 : Number(value),
  [value],
  { toString: () => value },
  true,
  null,
];
