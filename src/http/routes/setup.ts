import type Router from '@koa/router';
import { type Setup, setupLinkGone } from '../../accounts/setup.ts';
import { PortcullisError } from '../../core/errors.ts';
import type { FormTokens } from '../form-token.ts';
import { renderSetupPage } from '../pages/setup-page.ts';
import { loginPath, setupPath } from '../paths.ts';
import { redirect } from '../redirect.ts';
import type { HttpContext, HttpState } from '../state.ts';

export interface SetupNeeds {
  readonly setup: Pick<Setup, 'isValid' | 'complete'>;
  readonly tokens: FormTokens;
}

/** Where the one-time link leads that the server prints while there is no administrator. */
export function addSetup(router: Router<HttpState>, { setup, tokens }: SetupNeeds): void {
  const show = async (ctx: HttpContext, link: string, error: string | null) => {
    ctx.body = renderSetupPage({ token: await tokens.issue(ctx), link, typed: ctx.state.form ?? {}, error });
    ctx.type = 'html';
  };

  router.get(setupPath, async (ctx) => {
    const { token } = ctx.query;
    if (typeof token !== 'string' || !(await setup.isValid(token))) throw setupLinkGone();
    await show(ctx, token, null);
  });

  router.post(setupPath, async (ctx) => {
    const { token = '', username = '', name = '', password = '' } = ctx.state.form ?? {};
    try {
      await setup.complete(token, { username, name, password });
    } catch (error) {
      if (!(error instanceof PortcullisError) || error.code !== 'BAD_USER_INPUT') throw error;
      await show(ctx, token, error.message);
      ctx.status = error.status;
      return;
    }
    redirect(ctx, `${loginPath}?after=setup`);
  });
}
