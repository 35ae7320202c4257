/**
 * What a strategy sees of a request. It is ours and not Koa's: no cookies, no socket, nothing of the session, and
 * credentials from the body alone (passport-local would take them from the query string too).
 */
export interface StrategyRequest {
  readonly method: 'POST';
  readonly url: '/login';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, never>>;
  readonly ip: string | null;
}

/** Maps without a prototype: a field called `constructor` is a field, or is not there. */
const bare = <Value>(entries: Iterable<readonly [string, Value]> = []): Record<string, Value> =>
  Object.assign(Object.create(null) as Record<string, Value>, Object.fromEntries(entries));

/** A request of its own for each attempt, so that what one strategy writes on it no other one reads. */
export const formRequest = (
  fields: ReadonlyMap<string, string>,
  client: { readonly address: string | null; readonly userAgent: string | null },
): StrategyRequest => ({
  method: 'POST',
  url: '/login',
  headers: bare(client.userAgent === null ? [] : [['user-agent', client.userAgent]]),
  body: bare(fields),
  query: bare<never>(),
  ip: client.address,
});
