import type { Step } from '../state.ts';

const taken = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);

/** Four methods are all there is. */
export const knownMethods: Step = async (ctx, next) => {
  if (taken.has(ctx.method)) {
    await next();
    return;
  }
  ctx.set('allow', [...taken].join(', '));
  ctx.status = 405;
};
