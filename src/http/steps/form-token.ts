import type { FormTokens } from '../form-token.ts';
import { logoutPath } from '../paths.ts';
import type { Step } from '../state.ts';

/** No posted form reaches a route without its browser's token. */
export const formToken =
  (tokens: FormTokens): Step =>
  async (ctx, next) => {
    // A session may have ended by itself before somebody logs out: then nothing is left to protect.
    const idle = ctx.path === logoutPath && ctx.state.principal.kind === 'anonymous';
    if (ctx.state.form !== null && !idle) await tokens.check(ctx);
    await next();
  };
