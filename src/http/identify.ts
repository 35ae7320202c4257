import type { Username } from '../core/names.ts';
import { anonymous, type Principal } from '../core/principal.ts';
import type { RequestEnvironment } from '../policy/decision.ts';
import type { Clock } from '../core/clock.ts';
import type { LoadedSession } from '../store/contract/sessions.ts';
import type { PolicySnapshot } from '../policy/snapshot.ts';
import type { HttpContext, HttpState } from './state.ts';

/** Who a loaded session acts as. */
export function principalOf({ session, user, groups }: LoadedSession): Principal {
  if (session === null || user === null) return anonymous;
  const { authenticator, amr, aal, authTime } = session;
  const username: Username = user.username;
  return {
    kind: 'user',
    subject: `user:${username}`,
    id: user.id,
    username,
    groups: groups.map((group) => `group:${group}` as const),
    attributes: user.attributes,
    authentication: { authenticator, amr, aal, authTime },
  };
}

/** What a request is decided by. */
export type Identified = Pick<HttpState, 'principal' | 'snapshot' | 'environment' | 'decisions'>;

export interface IdentifyNeeds {
  readonly provable: RequestEnvironment['provable'];
  readonly clock: Clock;
}

export function identifyAs(
  principal: Principal,
  snapshot: PolicySnapshot,
  address: string,
  { provable, clock }: IdentifyNeeds,
): Identified {
  const environment = { now: clock.now(), address, provable };
  return { principal, snapshot, environment, decisions: snapshot.decisionsFor(principal, environment) };
}

/** Puts principal and decisions on a request from its session and its snapshot: at its start, and after a login. */
export type Identify = (ctx: HttpContext) => void;

export const createIdentify =
  (needs: IdentifyNeeds): Identify =>
  ({ state }) => {
    const { session, snapshot, address } = state;
    Object.assign(state, identifyAs(principalOf(session.loaded), snapshot, address, needs));
  };
