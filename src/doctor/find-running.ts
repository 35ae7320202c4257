import { createServer } from 'node:net';
import { z } from 'zod';
import type { Settings } from '../config/settings.ts';

/** Who has the port that the server listens on. */
export type Running =
  /** Nobody: the server can have it. */
  | { readonly kind: 'free' }
  /** Nobody can: the system says why, such as EACCES. */
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'stranger' }
  | { readonly kind: 'server'; readonly state: 'unavailable' | 'draining' }
  | {
      readonly kind: 'server';
      readonly state: 'ready';
      readonly policy: { readonly version: string; readonly source: string };
    };

type Place = Pick<Settings, 'host' | 'port'>;

/** What /readyz answers. */
const answer = z.union([
  z.object({
    status: z.literal('ready'),
    policy: z.object({ version: z.string().max(100), source: z.string().max(100) }),
  }),
  z.object({ status: z.enum(['unavailable', 'draining']) }),
]);

const patience = 3_000;

/** Tries the port, and asks whoever has it. Never rejects. */
export async function findRunning(place: Place): Promise<Running> {
  const code = await findRefusal(place);
  if (code === null) return { kind: 'free' };
  return code === 'EADDRINUSE' ? ask(place) : { kind: 'refused', code };
}

/** Listens for a moment: the system alone knows. Answers the code of its error. */
const findRefusal = ({ host, port }: Place): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(null);
      });
    });
  });

async function ask({ host, port }: Place): Promise<Running> {
  const wherever = host === '0.0.0.0' || host === '::';
  const named = wherever ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  try {
    const response = await fetch(`http://${named}:${port}/readyz`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
    });
    const told = answer.parse(await response.json());
    return told.status === 'ready'
      ? { kind: 'server', state: 'ready', policy: told.policy }
      : { kind: 'server', state: told.status };
  } catch {
    return { kind: 'stranger' };
  }
}
