import { PortcullisError } from '../core/errors.ts';
import { identify } from './identify.ts';
import type { Identified } from './identification.ts';
import type { LoginNeeds } from './login-needs.ts';
import { found, logFault, type Login } from './login-tail.ts';
import { type RedirectCallback, type RedirectTransaction, transactionLifetime } from './login.ts';
import { doesNotAnswer } from './redirect-outcome.ts';
import { redirectRequest } from './request.ts';
import { attempt } from './seam.ts';
import { notRedirecting, type Redirecting } from './start-redirect.ts';
import { renderForeign, withoutSecrets } from './without-secrets.ts';

/** A login that another place proves. */
export interface RedirectedLogin extends Login {
  readonly callback: RedirectCallback;
  readonly authenticator: Redirecting | undefined;
  transaction?: RedirectTransaction;
  identified?: Extract<Identified, { kind: 'account' | 'identity' }>;
  /** Whoever refused it has recorded why. */
  recorded?: true;
}

const refusal = (message: string, detail: string): PortcullisError =>
  new PortcullisError('LOGIN_REFUSED', { message, detail });

export function checkRedirecting({ authenticator }: RedirectedLogin): void {
  if (authenticator === undefined) throw notRedirecting();
}

export function findTransaction(login: RedirectedLogin): void {
  const { transaction } = login.callback;
  if (transaction === null) {
    throw refusal(
      // Most of those who are logged in went back, or opened a bookmark: they need not begin anything.
      login.client.origin.userId === null
        ? 'This login was not begun in this browser, or it took longer than ten minutes. Begin again.'
        : 'This login is over, or was not begun in this browser. You are logged in as before.',
      `no transaction of this browser${answerOf(login)}`,
    );
  }
  login.transaction = transaction;
}

export async function useTransaction(
  login: RedirectedLogin,
  { usedStates, clock }: LoginNeeds,
): Promise<void> {
  if (!(await usedStates.use(found(login.transaction).id, clock.now() + transactionLifetime))) {
    throw refusal(
      'This login is over already. Begin again, unless you are logged in.',
      'the transaction was used before',
    );
  }
}

export function checkLink(login: RedirectedLogin): void {
  if (found(login.transaction).linkTo !== login.client.origin.userId) {
    throw refusal(
      'You logged out meanwhile, or in as somebody else, so nothing was linked. Begin again on the account page.',
      'linking for an account that is not logged in any more',
    );
  }
}

/** Names of RFC 6749, section 4.1.2.1: it is not about this person. */
const providersFault: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable']);

export function checkAnswer(login: RedirectedLogin): void {
  const { error } = login.callback.query;
  if (error === undefined) return;
  const { name, redirect } = found(login.authenticator);
  const detail = `${name} refused${answerOf(login)}`;
  throw providersFault.has(error)
    ? doesNotAnswer(redirect.label, detail)
    : refusal(`${redirect.label} did not log you in. Try again, or log in another way.`, detail);
}

export async function proveRedirected(login: RedirectedLogin, needs: LoginNeeds): Promise<void> {
  const authenticator = found(login.authenticator);
  const { url, query } = login.callback;
  const request = redirectRequest(
    { url, query, session: found(login.transaction).kept },
    login.client.origin,
  );
  const outcome = await attempt(authenticator.strategy, request, needs);
  const identified = await identify(authenticator, outcome, {
    ...needs,
    secrets: secretsOf(login),
    refusedAs: 'LOGIN_REFUSED',
  }).catch((error: unknown) => {
    throw asPublic(login, error);
  });
  const { name } = authenticator;
  if ('reason' in identified) {
    const verdict = identified.kind === 'none' ? 'proved nobody' : 'refused';
    throw new PortcullisError('LOGIN_REFUSED', { detail: `${name} ${verdict}: ${identified.reason}` });
  }
  login.identified = identified;
}

export async function findAccount(login: RedirectedLogin, needs: LoginNeeds): Promise<void> {
  const authenticator = found(login.authenticator);
  const identified = found(login.identified);
  if (identified.kind === 'account') {
    const { userId, sessionEpoch } = identified;
    login.proof = { authenticator, userId, sessionEpoch, authTime: 0, logoutHint: null };
    return;
  }
  const { identity, authTime, logoutHint } = identified;
  const user = await needs.identities.logIn(identity, {
    authenticator: authenticator.name,
    provision: authenticator.redirect.provision,
    origin: login.client.origin,
  });
  login.proof = {
    authenticator,
    userId: user.id,
    sessionEpoch: user.sessionEpoch,
    // Nobody proved anything in the future; where nobody says when, it was never recent.
    authTime: Math.min(Math.floor(authTime ?? 0), needs.clock.now()),
    logoutHint,
  };
}

export async function linkIdentity(login: RedirectedLogin, { identities }: LoginNeeds): Promise<void> {
  const { name } = found(login.authenticator);
  const identified = found(login.identified);
  if (identified.kind !== 'identity') {
    throw new PortcullisError('LOGIN_REFUSED', {
      detail: `${name} proved an account, not an identity to link`,
    });
  }
  const userId = found(found(login.transaction).linkTo ?? undefined);
  try {
    const { origin } = login.client;
    login.user = await identities.link(identified.identity, { authenticator: name, userId, origin });
  } catch (error) {
    if (error instanceof PortcullisError && (error.code === 'CONFLICT' || error.code === 'LOGIN_REFUSED')) {
      login.recorded = true;
    }
    throw error;
  }
}

export function recordLink(login: RedirectedLogin, { audit, log }: LoginNeeds): void {
  const { refusal: refused, client, asked } = login;
  // What was linked is recorded with the link itself.
  if (refused === undefined || login.recorded === true) return;
  const { code } = refused;
  const reason = renderForeign(refused.detail ?? refused.message);
  const details = { authenticator: asked, code, reason };
  audit.record({
    event: 'identity.refused',
    origin: client.origin,
    accountId: client.origin.userId,
    details,
  });
  logFault(log, refused, { requestId: client.origin.requestId, ...details });
}

/** What a provider said instead of proving anybody, for the record. */
function answerOf(login: RedirectedLogin): string {
  const { error, error_description: description } = login.callback.query;
  if (error === undefined) return '';
  const said = description === undefined ? error : `${error}, ${description}`;
  return `: ${withoutSecrets(said, secretsOf(login, ['error', 'error_description']))}`;
}

/** Everything that a strategy was given and no text may tell: codes, states, verifiers. */
function secretsOf(
  { callback, transaction }: RedirectedLogin,
  shown: readonly string[] = [],
): readonly string[] {
  const [, search = ''] = callback.url.split('?', 2);
  // Decoded, and as it came, if it was spelled in a way of its own.
  const members = [
    ...Object.entries(callback.query),
    ...search.split('&').map((member) => member.split(/=(.*)/s) as [string, string?]),
  ];
  return [
    ...members.flatMap(([name, value = '']) => (shown.includes(name) ? [] : [value])),
    ...textsIn(transaction?.kept),
  ];
}

const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];

/** Why there was no verdict, without what foreign code may have put into an error and its causes. */
function asPublic(login: RedirectedLogin, error: unknown): unknown {
  if (!(error instanceof PortcullisError) || error.code === 'LOGIN_REFUSED') return error;
  const detail = withoutSecrets(error.detail ?? error.message, secretsOf(login));
  return doesNotAnswer(found(login.authenticator).redirect.label, detail);
}
