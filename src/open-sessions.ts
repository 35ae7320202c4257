import type { Settings } from './config/settings.ts';
import type { Log } from './core/log.ts';
import { openRedis } from './sessions/redis-client.ts';
import { createRedisSessions } from './sessions/redis-sessions.ts';
import type { SessionBackend } from './sessions/sessions.ts';
import type { Store } from './store/store.ts';

export interface OpenSessions {
  readonly sessions: SessionBackend;
  /** Ends the connection that was opened for them, where one was. */
  close(): Promise<void>;
}

/**
 * Sessions as the server keeps them, for commands too: in the database, or in Redis where one is configured.
 * @throws OperatorError where Redis does not answer
 */
export async function openSessions(
  settings: Pick<Settings, 'redisUrl' | 'redisPrefix' | 'sessions'>,
  store: Store,
  log: Log,
): Promise<OpenSessions> {
  if (settings.redisUrl === null) return { sessions: store.sessions, close: () => Promise.resolve() };
  const client = await openRedis(settings.redisUrl, log);
  const sessions = createRedisSessions({
    client,
    store,
    prefix: settings.redisPrefix,
    limits: settings.sessions,
  });
  return {
    sessions,
    close: async () => {
      await client.close();
    },
  };
}
