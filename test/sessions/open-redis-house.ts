import { randomBytes } from 'node:crypto';
import type { Log } from '../../src/core/log.ts';
import { silentLog } from '../../src/core/log.ts';
import { Secret } from '../../src/core/secret.ts';
import { announceChanges } from '../../src/sessions/announce-changes.ts';
import { openRedis, type RedisConnection } from '../../src/sessions/redis-client.ts';
import { createRedisSessions } from '../../src/sessions/redis-sessions.ts';
import type { Account } from '../../src/sessions/stored-session.ts';
import type { SessionBackend } from '../../src/sessions/sessions.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { limits } from './open-test-backend.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';

export const redisUrl = process.env['REDIS_URL'] ?? '';

/** A server's half of the house: connections of its own to Redis and to the database. */
export interface Process {
  readonly store: Store;
  readonly backend: SessionBackend;
  readonly client: RedisConnection;
  /** How often the database was asked for a principal. */
  asked(): number;
  /** What an answer of the database waits for before it is seen: nothing, unless a test says so. */
  hold: (answer: Account) => Promise<void>;
}

/** One database and one Redis, for as many processes as a test asks for. */
export interface RedisHouse {
  readonly prefix: string;
  readonly database: TestStore;
  readonly client: RedisConnection;
  join(options?: { readonly url?: Secret; readonly log?: Log }): Promise<Process>;
  forget(): Promise<void>;
  close(): Promise<void>;
}

export async function openRedisHouse(): Promise<RedisHouse> {
  const database = await openTestStore(storeKinds.at(-1) ?? 'embedded');
  const client = await openRedis(new Secret(redisUrl), silentLog);
  const prefix = `portcullis-test:${randomBytes(6).toString('hex')}:`;
  const closing: (() => unknown)[] = [];
  const forget = async () => {
    const found = await client.keys(`${prefix}*`);
    if (found.length > 0) await client.del(found);
  };
  return {
    prefix,
    database,
    client,
    async join({ url = new Secret(redisUrl), log = silentLog } = {}) {
      const own = await openRedis(url, silentLog);
      closing.push(() => {
        own.destroy();
      });
      const store = await openStore({
        ...database.options,
        attach: true,
        onChange: announceChanges({ connect: () => Promise.resolve(own), prefix, log }),
      });
      closing.push(() => store.close());
      let asked = 0;
      const process: Process = {
        store,
        client: own,
        asked: () => asked,
        hold: () => Promise.resolve(),
        backend: createRedisSessions({
          client: own,
          prefix,
          limits,
          store: {
            sessions: {
              async loadUser(userId) {
                asked += 1;
                const answer = await store.sessions.loadUser(userId);
                await process.hold(answer);
                return answer;
              },
            },
          },
        }),
      };
      return process;
    },
    forget,
    async close() {
      for (const close of closing.reverse()) await close();
      await forget();
      client.destroy();
      await database.close();
    },
  };
}
