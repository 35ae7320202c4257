import type Router from '@koa/router';
import type { RequestState } from '../../graphql/context.ts';
import type { LogIn } from '../log-in.ts';
import type { LogOut } from '../log-out.ts';
import type { HttpNeeds } from '../needs.ts';
import { originOf } from '../origin.ts';
import { graphqlPath } from '../paths.ts';
import { readableOf } from '../readable-of.ts';
import type { HttpContext, HttpState } from '../state.ts';

export interface GraphqlNeeds {
  readonly graphql: HttpNeeds['graphql'];
  readonly logIn: LogIn;
  readonly logOut: LogOut;
}

/** Hands a request over, and its answer back: what GraphQL says over HTTP is `graphql/`'s business. */
export function addGraphql(router: Router<HttpState>, needs: GraphqlNeeds): void {
  router.all(graphqlPath, async (ctx) => {
    const answer = await needs.graphql.respond({
      method: ctx.method,
      url: ctx.url,
      headers: headersOf(ctx),
      body: ctx.state.body,
      state: stateOf(ctx, needs),
    });
    // The body first: Koa resets the status with it.
    ctx.body = typeof answer.body === 'string' ? answer.body : readableOf(answer.body);
    ctx.status = answer.status;
    for (const [name, value] of Object.entries(answer.headers)) {
      if (!['transfer-encoding', 'connection', 'content-length', 'set-cookie'].includes(name.toLowerCase()))
        ctx.set(name, value);
    }
  });
}

/** What GraphQL has a use for. Cookies, addresses and ids come through the state, checked. */
const headersOf = (ctx: HttpContext): Record<string, string> =>
  Object.fromEntries(
    ['accept', 'content-type']
      .map((name) => [name, ctx.get(name)] as const)
      .filter(([, value]) => value !== ''),
  );

/** Reads through to the request, so that a login within the operation is seen by the rest of it. */
export const stateOf = (ctx: HttpContext, { logIn, logOut }: GraphqlNeeds): RequestState => ({
  requestId: ctx.state.requestId,
  snapshot: ctx.state.snapshot,
  get origin() {
    return originOf(ctx);
  },
  get environment() {
    return ctx.state.environment;
  },
  get principal() {
    return ctx.state.principal;
  },
  get decisions() {
    return ctx.state.decisions;
  },
  get sessionId() {
    return ctx.state.session.loaded.session?.publicId ?? null;
  },
  actions: {
    logIn: async (attempt) => {
      const result = await logIn.withForm(ctx, attempt);
      if (result.kind === 'refused') throw result.error;
    },
    logOut: async () => ({ continueAt: await logOut(ctx) }),
  },
});
