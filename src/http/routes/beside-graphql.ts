import { graphqlPath } from '../paths.ts';
import type { Step } from '../state.ts';

/** A router asks each of its routes for every request. The one address that nearly all requests have is asked for first. */
export const besideGraphql =
  (router: Step, graphql: Step): Step =>
  (ctx, next): unknown =>
    ctx.path === graphqlPath ? graphql(ctx, next) : router(ctx, next);
