import { PortcullisError } from '../core/errors.ts';
import type { Authenticator, RedirectCapability } from './authenticator.ts';
import type { LoginNeeds } from './login-needs.ts';
import type { RedirectResult, RedirectStart } from './login.ts';
import { doesNotAnswer, parseKept, parseSentTo, parseState } from './redirect-outcome.ts';
import { redirectRequest } from './request.ts';
import { attempt, type StrategyOutcome } from './seam.ts';
import { renderForeign } from './without-secrets.ts';

/** An authenticator that redirects. */
export type Redirecting = Authenticator & { readonly redirect: RedirectCapability };

export const isRedirecting = (authenticator: Authenticator): authenticator is Redirecting =>
  authenticator.redirect !== undefined;

/** No such authenticator. */
export const notRedirecting = (): PortcullisError =>
  new PortcullisError('NOT_FOUND', {
    message: 'There is no such way to log in. Choose one on the login page.',
    detail: 'no such redirecting authenticator',
  });

/**
 * Asks a strategy where the browser goes. Anything but a redirect to a safe address is UNAVAILABLE, with the reason in
 * the log: people can do nothing but wait or choose another way.
 */
export async function startRedirect(
  authenticator: Redirecting,
  { origin, reauthenticate }: RedirectStart,
  { deadlineMs, log }: Pick<LoginNeeds, 'deadlineMs' | 'log'>,
): Promise<RedirectResult> {
  const { name, strategy, redirect } = authenticator;
  const request = redirectRequest({ url: `/login/${name}`, reauthenticate }, origin);
  const outcome = await attempt(strategy, request, { deadlineMs, log });
  try {
    const url = parseOutcome(outcome);
    return { kind: 'redirect', url, state: parseState(url), kept: parseKept(request.session) };
  } catch (error) {
    const said = error instanceof PortcullisError ? (error.detail ?? error.message) : undefined;
    const reason = renderForeign(said ?? (error instanceof Error ? error.message : 'no error given'));
    const { requestId, address } = origin;
    log.warn(
      { event: 'login.not-started', authenticator: name, requestId, address, reason },
      'A login could not be started: an authenticator did not say where to send the browser.',
    );
    return { kind: 'refused', error: doesNotAnswer(redirect.label, reason) };
  }
}

function parseOutcome(outcome: StrategyOutcome): URL {
  if (outcome.kind === 'error') throw outcome.error;
  if (outcome.kind !== 'redirect') throw new Error(`answered "${outcome.kind}" where it had to redirect`);
  const url = parseSentTo(outcome.url);
  if (url === null) throw new Error('redirected to what is no https address');
  return url;
}
