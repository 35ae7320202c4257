import type { Step } from '../state.ts';

const taken = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);

/** Four methods are all there is. */
export const knownMethods: Step = (ctx, next) => {
  if (taken.has(ctx.method)) return next();
  ctx.set('allow', [...taken].join(', '));
  ctx.status = 405;
  return Promise.resolve();
};
