import type Router from '@koa/router';
import type { LogOut } from '../log-out.ts';
import { logoutPath } from '../paths.ts';
import { redirect } from '../redirect.ts';
import { sendOn } from '../send-on.ts';
import type { HttpState } from '../state.ts';

/** POST alone: a link or a picture must log nobody out. */
export function addLogout(router: Router<HttpState>, { logOut }: { readonly logOut: LogOut }): void {
  router.post(logoutPath, async (ctx) => {
    const url = await logOut(ctx);
    if (url === null) {
      redirect(ctx, '/');
      return;
    }
    sendOn(ctx, {
      title: 'Logged out here',
      lead: `You are logged out here, and go on to be logged out at ${url.host} too.`,
      url,
      link: 'Go on and log out there',
    });
  });
}
