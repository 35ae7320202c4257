import type { Duplex } from 'node:stream';
import pg from 'pg';

/** What of a `pg` client its types leave out. */
interface Wire {
  readonly connection: { readonly stream: Duplex };
}

/**
 * The class of clients of one pool. A query that has no answer in time loses its connection, not only its caller:
 * `pg`'s own `query_timeout` would hand the connection on with the old query still in it.
 *
 * @param queryMs milliseconds
 * @param clients every open client of the pool, kept by the class
 */
export function deadlineClient(queryMs: number, clients: Set<pg.Client>): typeof pg.Client {
  class DeadlineClient extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config);
      clients.add(this);
      // Its query, or the next one, tells whoever uses it. Between two users nobody listens, and an error that nobody
      // listens to ends the process.
      this.on('error', () => undefined);
      this.once('end', () => clients.delete(this));
    }
  }
  type Query = (...args: unknown[]) => unknown;
  const query = (...[client, args]: [pg.Client, unknown[]]): unknown =>
    (pg.Client.prototype.query as Query).apply(client, args);
  const withDeadline: Query = function (this: pg.Client, ...args: unknown[]) {
    const timer = setTimeout(() => cut(this, `the database did not answer within ${queryMs} ms`), queryMs);
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      args[args.length - 1] = (...results: unknown[]) => {
        clearTimeout(timer);
        (callback as Query)(...results);
      };
      return query(this, args);
    }
    const answer = query(this, args) as Promise<unknown>;
    const done = (): void => clearTimeout(timer);
    answer.then(done, done);
    return answer;
  };
  Object.defineProperty(DeadlineClient.prototype, 'query', { value: withDeadline });
  return DeadlineClient;
}

/** Closes a client's socket at once, whatever it waits for. */
export const cut = (client: pg.Client, reason: string): void =>
  void (client as unknown as Wire).connection.stream.destroy(new Error(reason));
