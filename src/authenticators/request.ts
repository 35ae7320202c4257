/**
 * What a strategy sees of a request. It is ours and not Koa's: no cookies, no socket, nothing of our sessions, and
 * credentials from the body alone (passport-local would take them from the query string too).
 */
export interface StrategyRequest {
  readonly method: 'POST' | 'GET';
  /** Path and query; the path alone for a form. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly ip: string | null;
}

/** What a redirecting authenticator's strategy sees: at the start with an empty query, then with that of the callback. */
export interface RedirectRequest extends StrategyRequest {
  /** Kept for the browser from the start to the callback, and nowhere else. A strategy may write it, or put another here. */
  session: unknown;
  /** At the start: whether they must prove it again there, although they may be logged in there still. */
  readonly reauthenticate: boolean;
}

/** The client as a strategy may know it. */
export interface Client {
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** Maps without a prototype: a field called `constructor` is a field, or is not there. */
const bare = <Value>(entries: Iterable<readonly [string, Value]> = []): Record<string, Value> =>
  Object.assign(Object.create(null) as Record<string, Value>, Object.fromEntries(entries));

const headersOf = ({ userAgent }: Client): Record<string, string> =>
  bare(userAgent === null ? [] : [['user-agent', userAgent]]);

/** A request of its own for each attempt, so that what one strategy writes on it no other one reads. */
export const formRequest = (fields: ReadonlyMap<string, string>, client: Client): StrategyRequest => ({
  method: 'POST',
  url: '/login',
  headers: headersOf(client),
  body: bare(fields),
  query: bare<never>(),
  ip: client.address,
});

/** For a start, a query without members; for a callback, its own. */
export const redirectRequest = (
  {
    url,
    query = {},
    session = {},
    reauthenticate = false,
  }: {
    readonly url: string;
    readonly query?: Readonly<Record<string, string>>;
    readonly session?: Readonly<Record<string, unknown>>;
    readonly reauthenticate?: boolean;
  },
  client: Client,
): RedirectRequest => ({
  method: 'GET',
  url,
  headers: headersOf(client),
  body: bare<never>(),
  query: bare(Object.entries(query)),
  ip: client.address,
  session: structuredClone(session),
  reauthenticate,
});
