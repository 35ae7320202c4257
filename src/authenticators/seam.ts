import type { Log } from '../core/log.ts';
import type { PassportStrategy } from './authenticator.ts';
import type { StrategyRequest } from './request.ts';

/** What a strategy said: the first thing it said, whatever came after. */
export type StrategyOutcome =
  | { readonly kind: 'success'; readonly user: unknown }
  | { readonly kind: 'fail'; readonly challenge: unknown }
  | { readonly kind: 'redirect'; readonly url: string }
  | { readonly kind: 'pass' }
  | { readonly kind: 'error'; readonly error: unknown };

export interface AttemptOptions {
  /** Milliseconds until an answer that has not come counts as an error. */
  readonly deadlineMs: number;
  readonly log: Log;
}

/** The outcomes as a strategy knows them, and how each becomes a value. */
const outcomes = {
  success: (user: unknown): StrategyOutcome => parseSuccess(user),
  fail: (challenge: unknown): StrategyOutcome => ({ kind: 'fail', challenge }),
  redirect: (url: unknown): StrategyOutcome => parseRedirect(url),
  pass: (): StrategyOutcome => ({ kind: 'pass' }),
  error: (error: unknown): StrategyOutcome => ({ kind: 'error', error }),
} as const;

type Outcome = keyof typeof outcomes;
const outcomeNames = Object.keys(outcomes) as readonly Outcome[];

/**
 * Calls a Passport strategy on a copy of its own, once, and takes its first answer. Never throws and never rejects:
 * what is thrown, rejected or not answered in time is an `error`. Answers that come later are logged and change nothing.
 */
export function attempt(
  strategy: PassportStrategy,
  request: StrategyRequest,
  { deadlineMs, log }: AttemptOptions,
): Promise<StrategyOutcome> {
  return new Promise((resolve) => {
    let answered = false;
    const answer = (outcome: StrategyOutcome): void => {
      if (answered) {
        const fields = { event: 'strategy.answered-again', outcome: outcome.kind };
        log.warn(fields, 'A strategy answered more than once, or too late. Only its first answer counts.');
        return;
      }
      answered = true;
      clearTimeout(timer);
      resolve(outcome);
    };
    const timer = setTimeout(() => {
      answer({ kind: 'error', error: new Error(`The strategy did not answer in ${deadlineMs} ms.`) });
    }, deadlineMs);

    try {
      const copy = Object.create(strategy) as Record<Outcome, unknown> & {
        authenticate(on: unknown): unknown;
      };
      for (const name of outcomeNames) {
        copy[name] = (...told: readonly unknown[]) => answer(parseOutcome(name, told[0]));
      }
      // An async `authenticate` is not in Passport's contract, but is written: its rejection must not be lost.
      Promise.resolve(copy.authenticate(request)).catch((error: unknown) => {
        answer({ kind: 'error', error });
      });
    } catch (error) {
      answer({ kind: 'error', error });
    }
  });
}

/** Looking at what a strategy hands over may throw, and then nobody above would catch it. */
function parseOutcome(name: Outcome, told: unknown): StrategyOutcome {
  try {
    return outcomes[name](told);
  } catch (error) {
    return { kind: 'error', error };
  }
}

/** Nobody, or the promise of somebody (a forgotten `await`), is not a success. */
function parseSuccess(user: unknown): StrategyOutcome {
  if (user === null || user === undefined || user === false || user === 0 || user === '') {
    return { kind: 'error', error: new Error('The strategy succeeded without a user.') };
  }
  if (isThenable(user)) {
    Promise.resolve(user).catch(() => undefined);
    return { kind: 'error', error: new Error('The strategy succeeded with a promise.') };
  }
  return { kind: 'success', user };
}

const isThenable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** A control character in a Location header starts a header of its own. */
const parseRedirect = (url: unknown): StrategyOutcome =>
  typeof url === 'string' && url !== '' && !/[\p{Cc}\p{Surrogate}]/u.test(url)
    ? { kind: 'redirect', url }
    : { kind: 'error', error: new Error('The strategy redirected to what is not an address.') };
