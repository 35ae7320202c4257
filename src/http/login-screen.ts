import type { Door } from '../authenticators/login.ts';
import type { FormTokens } from './form-token.ts';
import { renderLoginPage } from './pages/login-page.ts';
import type { HttpContext } from './state.ts';

export interface LoginScreenNeeds {
  readonly door: Pick<Door, 'fields' | 'redirects'>;
  readonly tokens: FormTokens;
}

/** What the login page has to say besides its form. */
export interface Shown {
  readonly error?: string;
  readonly trouble?: string;
  readonly notice?: string | null;
}

/** Answers with the login page, leading to `next`. */
export type ShowLogin = (ctx: HttpContext, next: string, shown: Shown) => Promise<void>;

export const createLoginScreen =
  ({ door: { fields, redirects }, tokens }: LoginScreenNeeds): ShowLogin =>
  async (ctx, next, { error = null, trouble = null, notice = null }) => {
    const { principal, form } = ctx.state;
    ctx.body = renderLoginPage({
      error,
      trouble,
      notice,
      fields,
      redirects,
      next,
      token: await tokens.issue(ctx),
      typed: form ?? {},
      loggedInAs: principal.kind === 'user' ? principal.username : null,
    });
    ctx.type = 'html';
  };
