import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog, type Log } from '../../src/core/log.ts';
import type { RequestState } from '../../src/graphql/context.ts';
import type { GuardedSchema } from '../../src/graphql/guard/guarded-schema.ts';
import { createGraphqlServer, type GraphqlServer } from '../../src/graphql/server.ts';
import { graphqlSettings } from '../../src/graphql/settings.ts';
import { allowAll, stateFor } from './asking.ts';

export interface Served {
  readonly url: string;
  readonly server: GraphqlServer<unknown>;
  close(): Promise<void>;
}

export interface ServeOptions<Services> {
  readonly schema: GuardedSchema<Services>;
  readonly services: Services;
  readonly state?: () => RequestState;
  readonly settings?: Parameters<typeof graphqlSettings.parse>[0];
  readonly production?: boolean;
  readonly log?: Log;
}

/** The GraphQL server behind a plain HTTP server, which only carries bytes. */
export async function serve<Services>(options: ServeOptions<Services>): Promise<Served> {
  const graphql = createGraphqlServer({
    schema: options.schema,
    services: options.services,
    settings: graphqlSettings.parse(options.settings ?? {}),
    production: options.production ?? true,
    clock: systemClock,
    log: options.log ?? silentLog,
  });
  const answer = async (request: Parameters<Parameters<typeof createServer>[1] & object>[0]) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return graphql.respond({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
      state: options.state?.() ?? stateFor(allowAll),
    });
  };
  const http = createServer((request, response) => {
    void answer(request).then(({ status, headers, body }) => {
      response.writeHead(status, headers);
      if (typeof body === 'string') response.end(body);
      else Readable.fromWeb(body as NodeStream).pipe(response);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`,
    server: graphql as GraphqlServer<unknown>,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

/** Posts an operation as a client does. */
export async function post(
  { url }: Served,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<{ status: number; text: string; body: { data?: unknown; errors?: { message: string }[] } }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as object };
}
