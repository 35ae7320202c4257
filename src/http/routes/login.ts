import type Router from '@koa/router';
import type { FormField } from '../../authenticators/authenticator.ts';
import type { LogIn } from '../log-in.ts';
import type { ShowLogin } from '../login-screen.ts';
import { parseNextPath } from '../next-path.ts';
import { nextField } from '../pages/login-page.ts';
import { loginPath } from '../paths.ts';
import { redirect } from '../redirect.ts';
import type { HttpState } from '../state.ts';

export interface LoginNeeds {
  readonly fields: readonly FormField[];
  readonly logIn: LogIn;
  readonly showLogin: ShowLogin;
  readonly publicUrl: URL;
}

/** What the page may say to somebody who was sent here; nothing that a link could put into words. */
const notices: ReadonlyMap<string, string> = new Map([['setup', 'Your account is made. Log in with it.']]);

export function addLogin(
  router: Router<HttpState>,
  { fields, logIn, showLogin, publicUrl }: LoginNeeds,
): void {
  router.get(loginPath, async (ctx) => {
    const { next, after } = ctx.query;
    const notice = typeof after === 'string' ? (notices.get(after) ?? null) : null;
    await showLogin(ctx, parseNextPath(next, publicUrl), { notice });
  });

  router.post(loginPath, async (ctx) => {
    const form = ctx.state.form ?? {};
    const next = parseNextPath(form[nextField], publicUrl);
    const credentials = Object.fromEntries(fields.map(({ name }) => [name, form[name] ?? '']));
    const result = await logIn.withForm(ctx, { authenticator: null, credentials });
    if (result.kind === 'logged-in') {
      redirect(ctx, next);
      return;
    }
    const { message, status, retryAfter } = result.error;
    await showLogin(ctx, next, { error: message });
    ctx.status = status;
    if (retryAfter !== undefined) ctx.set('retry-after', String(retryAfter));
  });
}
