import type { RequestState } from '../../graphql/context.ts';
import type { LogIn } from '../log-in.ts';
import type { LogOut } from '../log-out.ts';
import type { HttpNeeds } from '../needs.ts';
import { originOf } from '../origin.ts';
import { graphqlPath } from '../paths.ts';
import { readableOf } from '../readable-of.ts';
import { type RenewNeeds, renewState } from '../renew-state.ts';
import type { HttpContext } from '../state.ts';

export interface GraphqlNeeds {
  readonly graphql: HttpNeeds['graphql'];
  readonly logIn: LogIn;
  readonly logOut: LogOut;
  readonly renewal: RenewNeeds;
}

/** Hands a request over, and its answer back: what GraphQL says over HTTP is `graphql/`'s business. */
export const answerGraphql =
  (needs: GraphqlNeeds) =>
  async (ctx: HttpContext): Promise<void> => {
    // As a router leaves it, for those who measure.
    ctx['_matchedRoute'] = graphqlPath;
    const { method = 'GET', url = '/', headers } = ctx.req;
    // Cookies, addresses and ids come through the state, checked.
    const { accept, 'content-type': contentType } = headers;
    const answer = await needs.graphql.respond({
      method,
      url,
      headers: { accept, 'content-type': contentType },
      body: ctx.state.body,
      state: stateOf(ctx, needs),
    });
    for (const [name, value] of Object.entries(answer.headers)) if (!keptBack.has(name)) ctx.set(name, value);
    // The status last: Koa resets it with the body.
    ctx.body = typeof answer.body === 'string' ? answer.body : readableOf(answer.body);
    ctx.status = answer.status;
  };

/** What the connection and the session are, GraphQL has no say in. */
const keptBack: ReadonlySet<string> = new Set([
  'transfer-encoding',
  'connection',
  'content-length',
  'set-cookie',
]);

/** Reads through to the request, so that a login within the operation is seen by the rest of it. */
export const stateOf = (ctx: HttpContext, { logIn, logOut, renewal }: GraphqlNeeds): RequestState => ({
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
  renew() {
    return renewState(ctx, this, renewal);
  },
});
