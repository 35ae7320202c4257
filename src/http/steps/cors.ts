import { graphqlPath } from '../paths.ts';
import type { Step } from '../state.ts';

/** Lets pages of the listed origins call /graphql with cookies. No pattern, no reflection: an origin is listed or not. */
export const cors =
  (origins: ReadonlySet<string>): Step =>
  (ctx, next) => {
    if (origins.size === 0 || ctx.path !== graphqlPath) return next();
    ctx.vary('Origin');
    const origin = ctx.get('origin');
    if (origins.has(origin)) {
      ctx.set('access-control-allow-origin', origin);
      ctx.set('access-control-allow-credentials', 'true');
      ctx.set('access-control-expose-headers', 'X-Request-Id, Retry-After');
      if (ctx.method === 'OPTIONS' && ctx.get('access-control-request-method') !== '') {
        ctx.set('access-control-allow-methods', 'GET, POST');
        ctx.set('access-control-allow-headers', 'Content-Type');
        ctx.set('access-control-max-age', '600');
        ctx.status = 204;
        return Promise.resolve();
      }
    }
    return next();
  };
