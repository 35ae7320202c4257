import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Portal {
  readonly url: string;
  /** Plays a browser: where somebody who goes there is sent back to. */
  follow(url: URL): Promise<URL>;
  close(): Promise<void>;
}

/** The other end of the guide's example: a portal in which everybody is Pat, and a ticket is good once. */
export async function startPortal(): Promise<Portal> {
  const tickets = new Set<string>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://portal');
    if (pathname === '/login') {
      const ticket = randomUUID();
      tickets.add(ticket);
      const back = new URL(searchParams.get('service') ?? '');
      back.searchParams.set('ticket', ticket);
      back.searchParams.set('state', searchParams.get('state') ?? '');
      response.writeHead(302, { location: back.href }).end();
    } else if (tickets.delete(searchParams.get('ticket') ?? '')) {
      response.end(JSON.stringify({ id: 'p-1', login: 'pat', name: 'Pat' }));
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async follow(url) {
      const answer = await fetch(url, { redirect: 'manual' });
      return new URL(answer.headers.get('location') ?? '');
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
