import type Router from '@koa/router';
import type { Log } from '../../core/log.ts';
import type { SessionLimits } from '../../store/store.ts';
import type { HttpNeeds } from '../needs.ts';

/** The digest of no session id that anybody was given. */
const nobodysSession = Buffer.alloc(32);

export interface HealthNeeds extends Pick<HttpNeeds, 'policy' | 'store' | 'sessions' | 'clock'> {
  readonly limits: SessionLimits;
  readonly log: Log;
  readonly draining: () => boolean;
}

/** `/healthz`: the process answers. `/readyz`: it could answer a real request, and which policy would decide it. */
export function addHealth(router: Router, needs: HealthNeeds): void {
  const { policy, store, sessions, clock, limits, log, draining } = needs;

  router.get('/healthz', (ctx) => {
    ctx.body = { status: 'ok' };
  });

  router.get('/readyz', async (ctx) => {
    try {
      if (draining()) throw new Error('The server is closing.');
      await store.check();
      // What every request asks first; they may be kept in Redis.
      await sessions.load(nobodysSession, { ...limits, now: clock.now() });
      const { version, source } = policy.status();
      ctx.body = { status: 'ready', policy: { version, source } };
    } catch (error) {
      log.warn({ event: 'http.not-ready', err: error }, 'The server is not ready.');
      ctx.body = { status: 'unavailable' };
      ctx.status = 503;
    }
  });
}
