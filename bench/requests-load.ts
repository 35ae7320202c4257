/** The client of bench/requests.ts, in a process of its own: sends what it is told to, and says how long all of it took. */
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';

export interface Work {
  readonly port: number;
  readonly cookie: string;
  readonly path: string;
  /** What is posted; `null` for GET. */
  readonly body: string | null;
  /** The answer that each must have. */
  readonly status: number;
  readonly count: number;
  readonly atOnce: number;
}

/** Milliseconds for all of it. */
export interface Worked {
  readonly elapsed: number;
}

async function sendOne(agent: Agent, { port, cookie, path, body, status }: Work): Promise<void> {
  const outgoing = request({
    host: '127.0.0.1',
    port,
    agent,
    path,
    method: body === null ? 'GET' : 'POST',
    headers: {
      ...(cookie === '' ? {} : { cookie }),
      ...(body === null
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    },
  });
  outgoing.end(body ?? undefined);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(incoming, 'end');
  if (incoming.statusCode !== status || (status === 200 && text.includes('"errors"')))
    throw new Error(`${path} answered ${incoming.statusCode ?? 0}: ${text}`);
}

async function sendAll(work: Work): Promise<Worked> {
  // Connections of its own: a server may have closed others meanwhile.
  const agent = new Agent({ keepAlive: true, maxSockets: work.atOnce });
  let left = work.count;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: work.atOnce }, async () => {
      while (left-- > 0) await sendOne(agent, work);
    }),
  );
  const elapsed = performance.now() - start;
  agent.destroy();
  return { elapsed };
}

process.on('message', (work: Work) => {
  void sendAll(work).then((worked) => process.send?.(worked));
});
