import type { RequestState } from '../../graphql/context.ts';
import type { UserRow } from '../../store/contract/users.ts';
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

export const stateOf = (ctx: HttpContext, needs: GraphqlNeeds): RequestState =>
  new StateOfRequest(ctx, needs);

/**
 * Reads through to the request, so that a login within the operation is seen by the rest of it. A class: one is made for
 * every request.
 */
class StateOfRequest implements RequestState {
  readonly requestId: string;
  readonly snapshot: RequestState['snapshot'];
  readonly #ctx: HttpContext;
  readonly #needs: GraphqlNeeds;

  constructor(ctx: HttpContext, needs: GraphqlNeeds) {
    this.requestId = ctx.state.requestId;
    this.snapshot = ctx.state.snapshot;
    this.#ctx = ctx;
    this.#needs = needs;
  }

  get origin(): RequestState['origin'] {
    return originOf(this.#ctx);
  }
  get environment(): RequestState['environment'] {
    return this.#ctx.state.environment;
  }
  get principal(): RequestState['principal'] {
    return this.#ctx.state.principal;
  }
  get account(): UserRow | null {
    return this.#ctx.state.session.loaded.user;
  }
  get decisions(): RequestState['decisions'] {
    return this.#ctx.state.decisions;
  }
  get sessionId(): string | null {
    return this.#ctx.state.session.loaded.session?.publicId ?? null;
  }
  get actions(): RequestState['actions'] {
    const { logIn, logOut } = this.#needs;
    return {
      logIn: async (attempt) => {
        const result = await logIn.withForm(this.#ctx, attempt);
        if (result.kind === 'refused') throw result.error;
      },
      logOut: async () => ({ continueAt: await logOut(this.#ctx) }),
    };
  }
  renew(): Promise<RequestState | null> {
    return renewState(this.#ctx, this, this.#needs.renewal);
  }
}
