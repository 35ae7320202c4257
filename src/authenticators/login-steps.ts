import { errorCatalogue, PortcullisError } from '../core/errors.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { AuthenticationContext } from '../core/principal.ts';
import type { UserRepository, UserRow } from '../store/store.ts';
import type { LoginThrottle, TakenAttempt } from '../throttles/login-throttle.ts';
import type { Authenticator } from './authenticator.ts';
import { runChain, type Proof } from './chain.ts';
import { findTypedName, parseCredentials, type Credentials } from './credentials.ts';
import type { LoginAttempt } from './login.ts';

export interface LoginNeeds {
  readonly throttle: LoginThrottle;
  readonly users: Pick<UserRepository, 'find'>;
  /** Milliseconds that one authenticator may take. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** A login on its way through the door. Each step adds what it found. */
export interface Login {
  readonly attempt: LoginAttempt;
  /** Those that are tried, in order, all with the same form. */
  readonly chain: readonly Authenticator[];
  credentials?: Credentials;
  taken?: TakenAttempt;
  proof?: Proof;
  user?: UserRow;
  authentication?: AuthenticationContext;
  refusal?: PortcullisError;
}

interface LoginStep {
  readonly name: string;
  readonly reason: string;
  /** Also taken where a step before it refused. */
  readonly always?: true;
  readonly run: (login: Login, needs: LoginNeeds) => Promise<void> | void;
}

/** Everything between a typed password and a session, in order. The first step that rejects refuses the login. */
export const loginSteps = [
  {
    name: 'find authenticator',
    reason: 'What is not enabled is not there (NOT_FOUND), and costs nothing.',
    run: checkAuthenticator,
  },
  {
    name: 'parse credentials',
    reason: 'Strings from the body alone, of bounded length: nothing behind this meets any other shape.',
    run: readCredentials,
  },
  {
    name: 'take attempt',
    reason: 'Counted before the password is looked at: a hundred at once are a hundred.',
    run: takeAttempt,
  },
  {
    name: 'prove',
    reason: 'The authenticators say whose credentials these are.',
    run: prove,
  },
  {
    name: 'check account',
    reason:
      'Read anew, whatever an authenticator claims; who is suspended hears what a wrong password hears.',
    run: checkAccount,
  },
  {
    name: 'clear attempts',
    reason: 'Only failures count; and the owner is known here from now on.',
    run: clearAttempts,
  },
  {
    name: 'begin session',
    reason: 'A new id, and nothing of the session before.',
    run: beginSession,
  },
  {
    name: 'give attempt back',
    reason: 'A part of ours that did not answer says nothing about the password.',
    always: true,
    run: giveAttemptBack,
  },
  {
    name: 'record',
    reason: 'One record, however it ended, without what was typed.',
    always: true,
    run: recordLogin,
  },
] as const satisfies readonly LoginStep[];

function checkAuthenticator({ chain }: Login): void {
  if (chain.length === 0) {
    const message = 'There is no such way to log in. Name an authenticator that is enabled, or none.';
    throw new PortcullisError('NOT_FOUND', { message, detail: 'no such form authenticator' });
  }
}

const fieldsOf = ({ chain }: Login) => chain[0]?.form?.fields ?? [];

function readCredentials(login: Login): void {
  login.credentials = parseCredentials(login.attempt.credentials, fieldsOf(login));
}

async function takeAttempt(login: Login, { throttle }: LoginNeeds): Promise<void> {
  const name = findTypedName(fieldsOf(login), found(login.credentials));
  const answer = await throttle.take(name, login.attempt.address);
  if (answer.kind === 'throttled') {
    throw new PortcullisError('THROTTLED', { retryAfter: answer.retryAfter, detail: 'too many attempts' });
  }
  login.taken = answer.attempt;
}

async function prove(login: Login, needs: LoginNeeds): Promise<void> {
  login.proof = await runChain(login.chain, found(login.credentials), login.attempt, needs);
}

async function checkAccount(login: Login, { users, clock }: LoginNeeds): Promise<void> {
  const { authenticator, userId, sessionEpoch } = found(login.proof);
  const user = await users.find(userId);
  if (user === null) throw new PortcullisError('BAD_CREDENTIALS', { detail: 'the account is gone' });
  login.user = user;
  if (user.status !== 'active') {
    throw new PortcullisError('BAD_CREDENTIALS', { detail: `the account is ${user.status}` });
  }
  // A password that was replaced while it was verified must not begin a session that the replacement would have ended.
  if (user.sessionEpoch !== sessionEpoch) {
    throw new PortcullisError('BAD_CREDENTIALS', { detail: 'the account changed while it was proved' });
  }
  const { amr, aal } = authenticator.proves;
  login.authentication = { authenticator: authenticator.name, amr, aal, authTime: clock.now() };
}

async function clearAttempts(login: Login, { throttle }: LoginNeeds): Promise<void> {
  await throttle.clear(found(login.taken), found(login.user).id);
  // It is given back already, whatever happens to the session.
  delete login.taken;
}

async function beginSession(login: Login): Promise<void> {
  await login.attempt.begin(found(login.user), found(login.authentication));
}

async function giveAttemptBack({ refusal, taken }: Login, { throttle }: LoginNeeds): Promise<void> {
  const noVerdict = refusal?.code === 'BUSY' || refusal?.code === 'UNAVAILABLE';
  if (noVerdict && taken !== undefined) await throttle.giveBack(taken);
}

function recordLogin(login: Login, { log }: LoginNeeds): void {
  const { refusal, attempt, proof, user, taken, chain } = login;
  const context = {
    authenticator: proof?.authenticator.name ?? chain.map(({ name }) => name).join(','),
    user: user?.id ?? taken?.userId ?? null,
    address: attempt.address,
  };
  if (refusal === undefined) {
    log.info({ event: 'login.succeeded', ...context }, 'Somebody logged in.');
    return;
  }
  const event = refusal.code === 'THROTTLED' ? 'login.throttled' : 'login.failed';
  const fields = { event, ...context, code: refusal.code, reason: refusal.detail ?? refusal.message };
  if (refusal.status >= errorCatalogue.INTERNAL.status) {
    log.error({ ...fields, error: refusal.cause }, 'A login failed on our side.');
  } else {
    log.info(fields, 'A login was refused.');
  }
}

/** What an earlier step left. A table in another order would be a fault of ours, and lets nobody in. */
function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new PortcullisError('INTERNAL', { detail: 'a login step was left out' });
  return value;
}
