import { graphqlPath } from '../paths.ts';
import { checkSameSite } from '../same-site.ts';
import type { Step } from '../state.ts';

/** Everything that could change something, and all of /graphql, comes from our own pages or from no page at all. */
export const refuseCrossSite = (publicUrl: URL, corsOrigins: ReadonlySet<string>): Step => {
  const own = new Set([publicUrl.origin]);
  const ownAndAllowed = new Set([publicUrl.origin, ...corsOrigins]);
  return (ctx, next) => {
    if (ctx.path === graphqlPath) {
      if (ctx.method !== 'OPTIONS') checkSameSite(ctx, ownAndAllowed);
    } else if (!['GET', 'HEAD', 'OPTIONS'].includes(ctx.method)) {
      checkSameSite(ctx, own);
    }
    return next();
  };
};
