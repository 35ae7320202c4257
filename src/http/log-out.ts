import type { Audit } from '../audit/audit.ts';
import type { Door } from '../authenticators/login.ts';
import type { Identify } from './identify.ts';
import { originOf } from './origin.ts';
import type { HttpContext } from './state.ts';

export interface LogOutNeeds {
  readonly door: Pick<Door, 'logoutUrl'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly identify: Identify;
  readonly publicUrl: URL;
}

/**
 * Ends the request's session, for good, before anything else is asked. Answers where the browser goes to be logged out
 * at the issuer as well; `null` where nobody else is concerned.
 */
export type LogOut = (ctx: HttpContext) => Promise<URL | null>;

export const createLogOut =
  ({ door, audit, identify, publicUrl }: LogOutNeeds): LogOut =>
  async (ctx) => {
    const { session } = ctx.state;
    const ended = session.loaded.session;
    const hint = session.logoutHint;
    const origin = originOf(ctx);
    await session.end();
    identify(ctx);
    if (ended === null) return null;
    audit.record({ event: 'logout.succeeded', origin, accountId: ended.userId });
    return door.logoutUrl(ended.authenticator, { hint, returnTo: new URL('/', publicUrl) });
  };
