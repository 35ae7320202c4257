import { errorCatalogue } from '../../core/errors.ts';
import type { Step } from '../state.ts';

/**
 * A path, or `*` for OPTIONS (RFC 9112, section 3.2). An absolute target names a host, which nothing here listens to, and
 * one that can't be parsed makes Koa's own `ctx.path` throw.
 */
export const requestTarget: Step = (ctx, next) => {
  const { url = '' } = ctx.req;
  if (url.startsWith('/') || url === '*') return next();
  const { message, status } = errorCatalogue.BAD_USER_INPUT;
  ctx.body = { error: { code: 'BAD_USER_INPUT', message } };
  ctx.status = status;
  return Promise.resolve();
};
