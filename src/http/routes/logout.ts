import type Router from '@koa/router';
import { logoutPath } from '../paths.ts';
import { redirect } from '../redirect.ts';
import type { HttpState } from '../state.ts';

/** POST alone: a link or a picture must log nobody out. */
export function addLogout(router: Router<HttpState>): void {
  router.post(logoutPath, async (ctx) => {
    await ctx.state.session.end();
    redirect(ctx, '/');
  });
}
