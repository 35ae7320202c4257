import type { Log } from '../core/log.ts';
import type { Secret } from '../core/secret.ts';
import { openRedis, type RedisConnection } from './redis-client.ts';

/** The one connection of a process to Redis, opened for whoever asks first. */
export interface RedisLink {
  /** Rejects with an OperatorError where Redis does not answer; whoever asks next tries again. */
  connection(): Promise<RedisConnection>;
  close(): Promise<void>;
}

/** Milliseconds in which Redis may still answer what was asked before the end. */
const patience = 2_000;

export function linkRedis(url: Secret, log: Log): RedisLink {
  let opened: Promise<RedisConnection> | null = null;
  const open = async (): Promise<RedisConnection> => {
    try {
      return await openRedis(url, log);
    } catch (error) {
      opened = null;
      throw error;
    }
  };
  return {
    connection: () => (opened ??= open()),
    async close() {
      const client = await opened?.catch(() => null);
      if (client?.isOpen !== true) return;
      const timer = setTimeout(() => {
        client.destroy();
      }, patience);
      await client.close().catch(() => undefined);
      clearTimeout(timer);
    },
  };
}
