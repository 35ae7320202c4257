import type { Door, LoginResult } from '../authenticators/login.ts';
import type { FormTokens } from './form-token.ts';
import type { Identify } from './identify.ts';
import type { HttpContext } from './state.ts';

export interface LogInNeeds {
  readonly door: Door;
  readonly tokens: FormTokens;
  readonly identify: Identify;
}

/** Tries the door for a request. After a success the request speaks of who has logged in, and the cookie is set. */
export type LogIn = (
  ctx: HttpContext,
  attempt: { readonly authenticator: string | null; readonly credentials: unknown },
) => Promise<LoginResult>;

export const createLogIn =
  ({ door, tokens, identify }: LogInNeeds): LogIn =>
  async (ctx, attempt) => {
    const { address, session } = ctx.state;
    const userAgent = ctx.get('user-agent');
    const result = await door.logIn({
      ...attempt,
      address,
      userAgent: userAgent === '' ? null : userAgent,
      begin: (user, authentication) => session.begin(user, authentication),
    });
    identify(ctx);
    if (result.kind === 'logged-in') tokens.clear(ctx);
    return result;
  };
