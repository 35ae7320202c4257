import { createClient } from 'redis';
import { OperatorError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Secret } from '../core/secret.ts';

/** A connection to one Redis (or to the primary of a replicated one). Not a cluster: scripts name keys of two slots. */
export type RedisConnection = Awaited<ReturnType<typeof openRedis>>;

/**
 * Connects, and reconnects by itself for ever after; a command asked for meanwhile fails at once.
 * @throws OperatorError where nothing answers at the start.
 */
export async function openRedis(url: Secret, log: Log) {
  const client = createClient({
    url: url.reveal(),
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, 2_000) },
  });
  let connected = false;
  // Without a listener, a connection that breaks would end the process.
  client.on('error', (error: unknown) => {
    log.warn({ event: 'redis.error', err: error }, 'Redis does not answer.');
  });
  const refused = new Promise<never>((_resolve, reject) => {
    client.on('error', (error: unknown) => {
      if (!connected)
        reject(new OperatorError('Redis does not answer: check REDIS_URL, or start it.', error));
    });
  });
  try {
    await Promise.race([client.connect(), refused]);
    connected = true;
  } catch (error) {
    client.destroy();
    throw error;
  }
  return client;
}
