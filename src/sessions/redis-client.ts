import { OperatorError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Secret } from '../core/secret.ts';

/** A connection to one Redis (or to the primary of a replicated one). Not a cluster: scripts name keys of two slots. */
export type RedisConnection = Awaited<ReturnType<typeof openRedis>>;

const connectDeadline = 2_000;

/**
 * Connects, and reconnects by itself for ever after; a command asked for meanwhile fails at once.
 * @throws OperatorError where nothing answers at the start.
 */
export async function openRedis(url: Secret, log: Log) {
  // Only where there is a Redis: to load its client is a tenth of the time that a command takes.
  const { createClient } = await import('redis');
  const client = createClient({
    url: url.reveal(),
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    // Whoever asks has a deadline of its own (answered.ts); an AbortSignal beside it takes a fifth of a question's time.
    commandOptions: { timeout: 0 },
    // A connection that is open and dead is found out by the ping and given up.
    pingInterval: 5_000,
    socket: {
      connectTimeout: connectDeadline,
      socketTimeout: 15_000,
      reconnectStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 10), 2_000),
    },
  });
  let refuse: (cause: unknown) => void = () => undefined;
  const refused = new Promise<never>((_resolve, reject) => {
    refuse = (cause) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      reject(
        new OperatorError(
          `Redis at REDIS_URL can't be reached: ${reason}. Check that it runs and that the URL is right.`,
          cause,
        ),
      );
    };
  });
  // Without a listener, a connection that breaks would end the process.
  client.on('error', (error: unknown) => {
    log.warn({ event: 'redis.error', err: error }, 'Redis does not answer.');
    refuse(error);
  });
  // The client's own time limit ends with the TCP connection; a server that then says nothing would hold us for ever.
  const late = setTimeout(() => {
    refuse(new Error(`no answer within ${connectDeadline} ms`));
  }, connectDeadline);
  try {
    const connecting = client.connect();
    connecting.catch(() => undefined);
    await Promise.race([connecting, refused]);
  } catch (error) {
    client.destroy();
    throw error;
  } finally {
    clearTimeout(late);
    refused.catch(() => undefined);
  }
  return client;
}
