import type {
  Door,
  LoginClient,
  LoginResult,
  RedirectCallback,
  RedirectedResult,
} from '../authenticators/login.ts';
import type { FormTokens } from './form-token.ts';
import type { Identify } from './identify.ts';
import { originOf } from './origin.ts';
import type { HttpContext } from './state.ts';

export interface LogInNeeds {
  readonly door: Pick<Door, 'logIn' | 'finish'>;
  readonly tokens: FormTokens;
  readonly identify: Identify;
}

/** The door, for a request. After a success the request speaks of who has logged in, and the cookie is set. */
export interface LogIn {
  withForm(
    ctx: HttpContext,
    attempt: { readonly authenticator: string | null; readonly credentials: unknown },
  ): Promise<LoginResult>;
  withCallback(ctx: HttpContext, callback: Omit<RedirectCallback, 'client'>): Promise<RedirectedResult>;
}

export function createLogIn({ door, tokens, identify }: LogInNeeds): LogIn {
  const clientOf = (ctx: HttpContext): LoginClient => ({
    origin: originOf(ctx),
    begin: (user, authentication, kept) => ctx.state.session.begin(user, authentication, kept),
  });
  const afterwards = <Result extends RedirectedResult>(ctx: HttpContext, result: Result): Result => {
    identify(ctx);
    if (result.kind === 'logged-in') tokens.clear(ctx);
    return result;
  };
  return {
    withForm: async (ctx, attempt) =>
      afterwards(ctx, await door.logIn({ ...attempt, client: clientOf(ctx) })),
    withCallback: async (ctx, callback) =>
      afterwards(ctx, await door.finish({ ...callback, client: clientOf(ctx) })),
  };
}
