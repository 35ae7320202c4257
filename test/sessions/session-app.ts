import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import type { Clock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { PortcullisError } from '../../src/core/errors.ts';
import { cookieProfile } from '../../src/sessions/cookie-profile.ts';
import { createSessions } from '../../src/sessions/session-middleware.ts';
import type { RequestSession, SessionBackend } from '../../src/sessions/sessions.ts';
import type { SessionLimits } from '../../src/store/contract/sessions.ts';
import type { UserRow } from '../../src/store/contract/users.ts';
import { createClient } from '../http/client.ts';

export const authentication = (clock: Clock) =>
  ({ authenticator: 'password', amr: ['pwd'], aal: 1, authTime: clock.now() }) as const;

export interface SessionApp {
  client(): ReturnType<typeof createClient>;
  /** Called by `/slow` between the load of its session and its end. */
  gate: { arrived: () => void; open: Promise<void> };
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** A Koa application of the session middleware and a few routes that use it. */
export async function startSessionApp(needs: {
  backend: SessionBackend;
  limits: SessionLimits;
  clock: Clock;
  user: () => UserRow;
  publicUrl?: string;
}): Promise<SessionApp> {
  const { backend, limits, clock, user } = needs;
  const app = new Koa<{ address: string; session: RequestSession }>();
  const gate = { arrived: (): void => undefined, open: Promise.resolve() };
  app.silent = true;
  const sessions = createSessions(
    {
      backend,
      limits,
      clock,
      log: silentLog,
      cookies: cookieProfile(new URL(needs.publicUrl ?? 'http://localhost')),
    },
    app,
  );
  app.use(async (ctx, next) => {
    ctx.state.address = '198.51.100.9';
    try {
      await next();
    } catch (error) {
      ctx.body = { error: error instanceof PortcullisError ? error.code : String(error) };
      ctx.status = error instanceof PortcullisError ? error.status : 500;
    }
  });
  app.use(sessions.middleware);
  app.use(async (ctx) => {
    const { session } = ctx.state;
    const data = ctx['session'] as Record<string, unknown> | null;
    switch (ctx.path) {
      case '/login':
        await session.begin(user(), authentication(clock), {
          logoutHint: ctx.querystring === '' ? null : ctx.querystring,
        });
        break;
      case '/logout':
        await session.end();
        break;
      case '/plant':
        data!['planted'] = ctx.querystring;
        break;
      case '/slow':
        data!['late'] = ctx.querystring;
        gate.arrived();
        await gate.open;
        break;
      case '/null':
        ctx['session'] = null;
        break;
      case '/fail':
        data!['before'] = 'failure';
        throw new Error('on purpose');
    }
    ctx.body = {
      user: session.loaded.user?.username ?? null,
      epoch: session.loaded.policyEpoch,
      csrf: session.csrf,
      data: session.loaded.session?.data ?? null,
      live: ctx['session'] as unknown,
    };
  });
  const server: Server = createServer((request, response) => void app.callback()(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    client: () => createClient(server.address() as AddressInfo),
    gate,
    settle: () => sessions.settle(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
