import type { Settings } from './config/settings.ts';
import { createRedisSessions } from './sessions/redis-sessions.ts';
import type { RedisLink } from './sessions/redis-link.ts';
import type { SessionBackend } from './sessions/sessions.ts';
import type { Store } from './store/store.ts';

/**
 * Sessions as the server keeps them, for commands too: in the database, or in Redis where one is configured.
 * @throws OperatorError where Redis does not answer
 */
export async function openSessions({
  settings: { redisPrefix: prefix, sessions: limits },
  store,
  redis,
}: {
  readonly settings: Pick<Settings, 'redisPrefix' | 'sessions'>;
  readonly store: Store;
  readonly redis: RedisLink | null;
}): Promise<SessionBackend> {
  if (redis === null) return store.sessions;
  return createRedisSessions({ client: await redis.connection(), store, prefix, limits });
}
