import type Router from '@koa/router';
import type { Log } from '../../core/log.ts';
import type { HttpNeeds } from '../needs.ts';

export interface HealthNeeds extends Pick<HttpNeeds, 'policy' | 'store'> {
  readonly log: Log;
  readonly draining: () => boolean;
}

/** `/healthz`: the process answers. `/readyz`: it could answer a real request, and which policy would decide it. */
export function addHealth(router: Router, { policy, store, log, draining }: HealthNeeds): void {
  router.get('/healthz', (ctx) => {
    ctx.body = { status: 'ok' };
  });

  router.get('/readyz', async (ctx) => {
    try {
      if (draining()) throw new Error('The server is closing.');
      await store.check();
      const { version, source } = policy.status();
      ctx.body = { status: 'ready', policy: { version, source } };
    } catch (error) {
      log.warn({ event: 'http.not-ready', err: error }, 'The server is not ready.');
      ctx.body = { status: 'unavailable' };
      ctx.status = 503;
    }
  });
}
