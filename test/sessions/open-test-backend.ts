import { randomBytes } from 'node:crypto';
import { silentLog } from '../../src/core/log.ts';
import { Secret } from '../../src/core/secret.ts';
import { announceChanges } from '../../src/sessions/announce-changes.ts';
import { openRedis } from '../../src/sessions/redis-client.ts';
import { createRedisSessions } from '../../src/sessions/redis-sessions.ts';
import type { SessionBackend } from '../../src/sessions/sessions.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';

const redisUrl = process.env['REDIS_URL'] ?? '';

/** Where sessions can be kept here: Redis only where REDIS_URL is set, beside an embedded store for the accounts. */
export const backendKinds = [...storeKinds, ...(redisUrl === '' ? [] : (['redis'] as const))] as const;
export type BackendKind = (typeof backendKinds)[number];

export const limits = { idle: 60 * 60_000, absolute: 24 * 60 * 60_000 };

export interface TestBackend {
  readonly backend: SessionBackend;
  readonly store: Store;
  /** Everything that is stored of sessions, as text. */
  dump(): Promise<string>;
  empty(): Promise<void>;
  close(): Promise<void>;
}

export async function openTestBackend(kind: BackendKind): Promise<TestBackend> {
  if (kind !== 'redis') {
    const test = await openTestStore(kind);
    return {
      backend: test.store.sessions,
      store: test.store,
      dump: async () =>
        JSON.stringify(await test.sql("SELECT *, encode(id_hash, 'hex') AS hex FROM sessions")),
      empty: () => test.empty(),
      close: () => test.close(),
    };
  }
  const client = await openRedis(new Secret(redisUrl), silentLog);
  const prefix = `portcullis-test:${randomBytes(6).toString('hex')}:`;
  const test = await openTestStore('embedded', {
    onChange: announceChanges({ connect: () => Promise.resolve(client), prefix, log: silentLog }),
  });
  const keys = () => client.keys(`${prefix}*`);
  const drop = async () => {
    const found = await keys();
    if (found.length > 0) await client.del(found);
  };
  return {
    backend: createRedisSessions({ client, store: test.store, prefix, limits }),
    store: test.store,
    dump: async () => {
      const found = await client.keys(`${prefix}session*`);
      const hashes = await Promise.all(
        found.filter((key) => key.includes(':session:')).map(async (key) => [key, await client.hGetAll(key)]),
      );
      return JSON.stringify([found, hashes]);
    },
    empty: async () => {
      await drop();
      await test.empty();
    },
    close: async () => {
      await drop();
      client.destroy();
      await test.close();
    },
  };
}
