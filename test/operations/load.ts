import { Agent, type IncomingMessage, request } from 'node:http';

/** How one request ended. */
export interface Outcome {
  readonly what: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The answer's status, or the error that there was instead of an answer. */
  readonly status: number | string;
  readonly text: string;
}

interface Asked {
  readonly port: number;
  readonly path: string;
  readonly query?: string;
  readonly accept?: string;
  readonly agent?: Agent | false;
}

export const ask = ({ port, path, query, accept, agent = false }: Asked): Promise<Outcome> => {
  const startedAt = performance.now();
  const what = query ?? path;
  return new Promise((resolve) => {
    const end = (status: number | string, text = ''): void => {
      resolve({ what, startedAt, endedAt: performance.now(), status, text });
    };
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path,
        agent,
        method: query === undefined ? 'GET' : 'POST',
        headers: {
          ...(query === undefined ? {} : { 'content-type': 'application/json' }),
          ...(accept === undefined ? {} : { accept }),
        },
      },
      (incoming: IncomingMessage) => {
        let text = '';
        incoming.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
        incoming.on('end', () => {
          end(incoming.statusCode ?? 0, text);
        });
        incoming.on('error', (error: NodeJS.ErrnoException) => {
          end(error.code ?? error.message, text);
        });
      },
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      end(error.code ?? error.message);
    });
    outgoing.end(query === undefined ? undefined : JSON.stringify({ query }));
  });
};

const requests: readonly Omit<Asked, 'port'>[] = [
  { path: '/login' },
  { path: '/graphql', query: '{ viewer { subject } }' },
  { path: '/graphql', query: '{ slow(ms: 50) }' },
  { path: '/graphql', query: '{ slow(ms: 2500) }' },
  { path: '/nothing' },
];

/** Each kind of request once: a process that has just started compiles as it goes. */
export async function warmUp(port: number): Promise<void> {
  for (const each of requests) await ask({ ...each, port });
}

/**
 * Asks again and again over connections that are kept, as a proxy does, for as long as /readyz says that the server is
 * ready; the probe has a connection of its own each time.
 */
export function startLoad(port: number, workers: number) {
  const outcomes: Outcome[] = [];
  const probes: Outcome[] = [];
  const agent = new Agent({ keepAlive: true });
  let ready = true;

  const probe = async (): Promise<void> => {
    for (;;) {
      const outcome = await ask({ port, path: '/readyz' });
      probes.push(outcome);
      ready = outcome.status === 200;
      if (typeof outcome.status === 'string') return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const work = async (worker: number): Promise<void> => {
    for (let turn = worker; ready; turn += 1) {
      outcomes.push(await ask({ ...requests[turn % requests.length]!, port, agent }));
      // The load shares the machine with the server: it must leave it time to answer.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const done = Promise.all([probe(), ...Array.from({ length: workers }, (_, worker) => work(worker))]);
  return {
    outcomes,
    probes,
    /** When the server can't be reached any more and every request has ended. */
    async end(): Promise<void> {
      await done;
      agent.destroy();
    },
  };
}
