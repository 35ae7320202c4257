import { PortcullisError } from '../core/errors.ts';
import type { TakenAttempt } from '../throttles/login-throttle.ts';
import type { Authenticator, FormField } from './authenticator.ts';
import { runChain } from './chain.ts';
import { type Credentials, findTypedName, parseCredentials } from './credentials.ts';
import type { LoginNeeds } from './login-needs.ts';
import { found, type Login } from './login-tail.ts';
import type { LoginAttempt } from './login.ts';

/** A login with what somebody typed into a form. */
export interface FormLogin extends Login {
  readonly attempt: LoginAttempt;
  /** Those that are tried, in order, all with the same form. */
  readonly chain: readonly Authenticator[];
  credentials?: Credentials;
  taken?: TakenAttempt;
}

const fieldsOf = ({ chain }: FormLogin): readonly FormField[] => chain[0]?.form?.fields ?? [];

export function checkChain({ chain }: FormLogin): void {
  if (chain.length === 0) {
    const message = 'There is no such way to log in. Name an authenticator that is enabled, or none.';
    throw new PortcullisError('NOT_FOUND', { message, detail: 'no such form authenticator' });
  }
}

export function readCredentials(login: FormLogin): void {
  login.credentials = parseCredentials(login.attempt.credentials, fieldsOf(login));
}

export async function takeAttempt(login: FormLogin, { throttle }: LoginNeeds): Promise<void> {
  const name = findTypedName(fieldsOf(login), found(login.credentials));
  const answer = await throttle.take(name, login.client.origin.address);
  if (answer.kind === 'throttled') {
    throw new PortcullisError('THROTTLED', { retryAfter: answer.retryAfter, detail: 'too many attempts' });
  }
  login.taken = answer.attempt;
  if (answer.attempt.userId !== null) login.namedId = answer.attempt.userId;
}

export async function proveForm(login: FormLogin, needs: LoginNeeds): Promise<void> {
  const proof = await runChain(login.chain, found(login.credentials), login.client.origin, needs);
  login.proof = { ...proof, authTime: needs.clock.now(), logoutHint: null };
}

export async function clearAttempts(login: FormLogin, { throttle }: LoginNeeds): Promise<void> {
  await throttle.clear(found(login.taken), found(login.user).id);
  // It is given back already, whatever happens to the session.
  delete login.taken;
}

export async function giveAttemptBack(
  { refusal, taken }: FormLogin,
  { throttle }: LoginNeeds,
): Promise<void> {
  const noVerdict = refusal?.code === 'BUSY' || refusal?.code === 'UNAVAILABLE';
  if (noVerdict && taken !== undefined) await throttle.giveBack(taken);
}
