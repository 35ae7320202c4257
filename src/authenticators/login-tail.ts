import { errorCatalogue, type ErrorCode, PortcullisError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Origin } from '../core/origin.ts';
import type { AuthenticationContext } from '../core/principal.ts';
import type { UserRow } from '../store/contract/users.ts';
import type { Authenticator } from './authenticator.ts';
import type { LoginClient } from './login.ts';
import type { LoginNeeds } from './login-needs.ts';
import { renderForeign } from './without-secrets.ts';

/** A login on its way through the door. Each step adds what it found. */
export interface Login {
  readonly client: LoginClient;
  /** The authenticators that are asked, for the record. */
  readonly asked: string;
  /** The one refusal of whatever was wrong with proof or account. */
  readonly refusedAs: ErrorCode;
  /** The account that was named, proved or not. */
  namedId?: string;
  proof?: Proof;
  user?: UserRow;
  authentication?: AuthenticationContext;
  /** Public id of the session that began. */
  sessionId?: string;
  refusal?: PortcullisError;
}

/** Which authenticator proved it, and whose account it is, as it was then. */
export interface Proof {
  readonly authenticator: Authenticator;
  readonly userId: string;
  readonly sessionEpoch: number;
  /** Milliseconds since the Unix epoch; 0 where nobody says. */
  readonly authTime: number;
  readonly logoutHint: string | null;
}

export async function checkAccount(login: Login, { users }: LoginNeeds): Promise<void> {
  const { authenticator, userId, sessionEpoch, authTime } = found(login.proof);
  const refusal = (detail: string): PortcullisError => new PortcullisError(login.refusedAs, { detail });
  const user = await users.find(userId);
  if (user === null) throw refusal('the account is gone');
  login.user = user;
  if (user.status !== 'active') throw refusal(`the account is ${user.status}`);
  // A password that was replaced while it was verified must not begin a session that the replacement would have ended.
  if (user.sessionEpoch !== sessionEpoch) throw refusal('the account changed while it was proved');
  const { amr, aal } = authenticator.proves;
  login.authentication = { authenticator: authenticator.name, amr, aal, authTime };
}

export async function beginSession(login: Login): Promise<void> {
  const { logoutHint } = found(login.proof);
  const session = await login.client.begin(found(login.user), found(login.authentication), { logoutHint });
  login.sessionId = session.publicId;
}

export function recordLogin(login: Login, { audit, log }: LoginNeeds): void {
  const { refusal, client, proof, user } = login;
  const authenticator = proof?.authenticator.name ?? login.asked;
  const accountId = user?.id ?? login.namedId ?? null;
  if (refusal === undefined) {
    const { amr, aal } = found(login.authentication);
    audit.record({
      event: 'login.succeeded',
      origin: originOfSession(login),
      accountId,
      details: { amr, aal },
    });
    return;
  }
  const { code } = refusal;
  const reason = renderForeign(refusal.detail ?? refusal.message);
  audit.record({
    event: code === 'THROTTLED' ? 'login.throttled' : 'login.failed',
    origin: { ...client.origin, authenticator },
    accountId,
    details: { code, reason },
  });
  logFault(log, refusal, { requestId: client.origin.requestId, authenticator, code, reason });
}

/** A record has no room for a cause: where the fault is ours, the log has it. */
export function logFault(log: Log, refusal: PortcullisError, fields: object): void {
  if (refusal.status < errorCatalogue.INTERNAL.status) return;
  // A provider that does not answer is no fault of ours, and the record says all there is.
  if (refusal.code === 'UNAVAILABLE' && refusal.cause === undefined) return;
  log.error({ event: 'login.error', ...fields, error: refusal.cause }, 'A login failed on our side.');
}

/** From here on it is done by whoever has logged in. */
const originOfSession = ({ client, user, authentication, sessionId }: Login): Origin => ({
  ...client.origin,
  subject: `user:${found(user).username}`,
  userId: found(user).id,
  authenticator: found(authentication).authenticator,
  sessionId: found(sessionId),
});

/** What an earlier step left. A table in another order would be a fault of ours, and lets nobody in. */
export function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new PortcullisError('INTERNAL', { detail: 'a login step was left out' });
  return value;
}
