import type { Origin } from '../core/origin.ts';
import type { HttpContext } from './state.ts';

const longestUserAgent = 300;

/** What records of this request say of it, as of now: whom it acts as changes with a login. */
export function originOf(ctx: HttpContext): Origin {
  const { principal, session, requestId, address, snapshot } = ctx.state;
  const userAgent = ctx.get('user-agent').slice(0, longestUserAgent);
  return {
    subject: principal.subject,
    userId: principal.kind === 'user' ? principal.id : null,
    authenticator: principal.kind === 'user' ? principal.authentication.authenticator : null,
    sessionId: session.loaded.session?.publicId ?? null,
    requestId,
    address,
    userAgent: userAgent === '' ? null : userAgent,
    policyVersion: snapshot.version,
  };
}
