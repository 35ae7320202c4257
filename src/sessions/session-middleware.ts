import { setImmediate as nextTurn } from 'node:timers/promises';
import type Koa from 'koa';
import createKoaSession from 'koa-session';
import { newToken } from '../core/ids.ts';
import type { CookieProfile } from './cookie-profile.ts';
import { isSessionId } from './session-id.ts';
import type { RequestSession } from './sessions.ts';
import { Visit, type VisitNeeds } from './visit.ts';

export interface SessionsNeeds extends VisitNeeds {
  readonly cookies: CookieProfile;
}

export interface Sessions {
  /** Needs the client's address on `ctx.state`; leaves the session there. UNAVAILABLE where the backend is silent. */
  readonly middleware: Koa.Middleware<{ address: string; session: RequestSession }>;
  /** Resolves when no last use is still being written: for shutting down. */
  settle(): Promise<void>;
}

/** What koa-session hands to its store besides the id. */
interface Asked {
  readonly ctx?: Koa.Context;
}

/**
 * koa-session over our own rows. The cookie holds 256 random bits and no signature; only their digest is stored. A
 * cookie that can't be an id of ours never reaches the database, one that nobody has is never adopted, and a visitor
 * who is not logged in has no row.
 */
export function createSessions({ cookies, ...needs }: SessionsNeeds, app: Koa): Sessions {
  // Not in a WeakMap by context: what its values reach is alive to the collector of young objects, so every request grew old.
  const visitOf = (ctx: Koa.Context | undefined): Visit => {
    const session: unknown = ctx?.state['session'];
    if (!(session instanceof Visit))
      throw new Error('The session was asked for outside the session middleware.');
    return session;
  };
  const idOf = (ctx: Koa.Context): string | null => {
    const value = ctx.cookies.get(cookies.sessionName, { signed: false });
    return value !== undefined && isSessionId(value) ? value : null;
  };
  const touches = new Set<Promise<void>>();
  const touchAfterAnswer = (visit: Visit): void => {
    if (!visit.isToBeTouched()) return;
    const touch = nextTurn()
      .then(() => visit.touch())
      .finally(() => touches.delete(touch));
    touches.add(touch);
  };

  const koaSession = createKoaSession(app, {
    ...cookies.attributes,
    key: cookies.sessionName,
    // The cookie ends with the browser; the limits are kept by the server.
    maxAge: 'session',
    rolling: false,
    renew: false,
    autoCommit: true,
    genid: newToken,
    externalKey: {
      get: (ctx: Koa.Context) => visitOf(ctx).id ?? '',
      set: (ctx: Koa.Context, id: string) => {
        if (visitOf(ctx).began(id)) ctx.cookies.set(cookies.sessionName, id, cookies.attributes);
      },
    },
    store: {
      get: (id: string, _maxAge: unknown, { ctx }: Asked) => visitOf(ctx).load(id),
      set: (id: string, data: Record<string, unknown>, _maxAge: unknown, { ctx }: Asked) =>
        visitOf(ctx).keep(id, data),
      destroy: (_id: string, { ctx }: Asked) => visitOf(ctx).drop(),
    },
  });

  return {
    middleware: async (ctx, next) => {
      // A TLS proxy in front makes the connection http: what is Secure follows PUBLIC_URL, without app.proxy.
      ctx.cookies.secure = cookies.secure;
      const visit = new Visit(needs, ctx, idOf(ctx));
      ctx.state.session = visit;
      await koaSession(ctx, async () => {
        // koa-session asks its store only where there is an id.
        if (visit.id === null) await visit.load(null);
        try {
          await next();
        } finally {
          touchAfterAnswer(visit);
        }
      });
    },
    settle: async () => {
      await Promise.all(touches);
    },
  };
}
