import type { FormTokens } from '../form-token.ts';
import { logoutPath } from '../paths.ts';
import type { Step } from '../state.ts';

/** No posted form reaches a route without its browser's token. */
export const formToken =
  (tokens: FormTokens): Step =>
  (ctx, next) => {
    if (ctx.state.form === null) return next();
    // A session may have ended by itself before somebody logs out: then nothing is left to protect.
    const idle = ctx.path === logoutPath && ctx.state.principal.kind === 'anonymous';
    return idle ? next() : tokens.check(ctx).then(next);
  };
