import type { Username } from '../core/names.ts';
import { anonymous, type Principal } from '../core/principal.ts';
import type { RequestEnvironment } from '../policy/decision.ts';
import type { Clock } from '../core/clock.ts';
import type { LoadedSession } from '../store/contract/sessions.ts';
import type { HttpContext } from './state.ts';

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

/** Puts principal and decisions on a request from its session and its snapshot: at its start, and after a login. */
export type Identify = (ctx: HttpContext) => void;

export const createIdentify =
  (needs: { readonly provable: RequestEnvironment['provable']; readonly clock: Clock }): Identify =>
  (ctx) => {
    const { session, snapshot, address } = ctx.state;
    ctx.state.principal = principalOf(session.loaded);
    ctx.state.environment = { now: needs.clock.now(), address, provable: needs.provable };
    ctx.state.decisions = snapshot.decisionsFor(ctx.state.principal, ctx.state.environment);
  };
