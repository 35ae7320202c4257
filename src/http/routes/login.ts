import type Router from '@koa/router';
import type { FormField } from '../../authenticators/authenticator.ts';
import type { FormTokens } from '../form-token.ts';
import type { LogIn } from '../log-in.ts';
import { parseNextPath } from '../next-path.ts';
import { nextField, renderLoginPage } from '../pages/login-page.ts';
import { loginPath } from '../paths.ts';
import { redirect } from '../redirect.ts';
import type { HttpContext, HttpState } from '../state.ts';

export interface LoginNeeds {
  readonly fields: readonly FormField[];
  readonly logIn: LogIn;
  readonly tokens: FormTokens;
  readonly publicUrl: URL;
}

/** What the page may say to somebody who was sent here; nothing that a link could put into words. */
const notices: ReadonlyMap<string, string> = new Map([['setup', 'Your account is made. Log in with it.']]);

export function addLogin(router: Router<HttpState>, { fields, logIn, tokens, publicUrl }: LoginNeeds): void {
  const show = async (
    ctx: HttpContext,
    next: string,
    shown: { error: string | null; notice: string | null },
  ) => {
    const { principal, form } = ctx.state;
    ctx.body = renderLoginPage({
      ...shown,
      fields,
      next,
      token: await tokens.issue(ctx),
      typed: form ?? {},
      loggedInAs: principal.kind === 'user' ? principal.username : null,
    });
    ctx.type = 'html';
  };

  router.get(loginPath, async (ctx) => {
    const { next, after } = ctx.query;
    const notice = typeof after === 'string' ? (notices.get(after) ?? null) : null;
    await show(ctx, parseNextPath(next, publicUrl), { error: null, notice });
  });

  router.post(loginPath, async (ctx) => {
    const form = ctx.state.form ?? {};
    const next = parseNextPath(form[nextField], publicUrl);
    const credentials = Object.fromEntries(fields.map(({ name }) => [name, form[name] ?? '']));
    const result = await logIn(ctx, { authenticator: null, credentials });
    if (result.kind === 'logged-in') {
      redirect(ctx, next);
      return;
    }
    const { message, status, retryAfter } = result.error;
    await show(ctx, next, { error: message, notice: null });
    ctx.status = status;
    if (retryAfter !== undefined) ctx.set('retry-after', String(retryAfter));
  });
}
