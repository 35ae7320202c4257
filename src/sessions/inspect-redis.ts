import type { Clock } from '../core/clock.ts';
import { OperatorError } from '../core/errors.ts';
import { newToken } from '../core/ids.ts';
import { silentLog } from '../core/log.ts';
import type { Secret } from '../core/secret.ts';
import { openRedis, type RedisConnection } from './redis-client.ts';

/** A Redis as an operator wants to know it. `null` where it does not say: managed ones hide their settings. */
export interface RedisFacts {
  readonly version: string;
  /** `standalone`, `cluster` or `sentinel`. */
  readonly mode: string;
  /** `master` or `slave`, as Redis says it. */
  readonly role: string;
  /** What kept it from taking a write and a script of ours, in its own words; `null` where it took both. */
  readonly refusal: string | null;
  /** Whether an append-only file is kept, and when it goes to the disk: `always`, `everysec` or `no`. */
  readonly appendOnly: boolean | null;
  readonly appendSync: string | null;
  /** What it does with keys when the memory is full; `maxMemory` is in bytes, 0 for no limit. */
  readonly eviction: string | null;
  readonly maxMemory: number | null;
  /** Milliseconds of one command. */
  readonly latency: number;
}

const patience = 2_000;

/**
 * Looks at Redis as sessions would use it: one key is written, and gone a second later.
 * @throws OperatorError where nothing answers
 */
export async function inspectRedis({
  url,
  prefix,
  clock,
}: {
  readonly url: Secret;
  readonly prefix: string;
  readonly clock: Clock;
}): Promise<RedisFacts> {
  const client = await openRedis(url, silentLog);
  try {
    return await Promise.race([inspect(client, prefix, clock), late()]);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(
      `Redis at REDIS_URL took the connection, and then failed: ${reason}. Check that it is well.`,
    );
  } finally {
    client.destroy();
  }
}

async function late(): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, patience).unref());
  throw new OperatorError(
    `Redis at REDIS_URL took the connection and answered nothing within ${patience} ms. Check that it is well, or restart it.`,
  );
}

async function inspect(client: RedisConnection, prefix: string, clock: Clock): Promise<RedisFacts> {
  const [server, replication, persistence, memory] = await Promise.all(
    ['server', 'replication', 'persistence', 'memory'].map(async (section) =>
      parseInfo(await client.info(section).catch(() => '')),
    ),
  );
  const begun = clock.monotonic();
  await client.ping();
  const latency = clock.monotonic() - begun;
  const appendOnly = persistence?.get('aof_enabled');
  const maxMemory = memory?.get('maxmemory');
  return {
    version: server?.get('redis_version') ?? 'of an unknown version',
    mode: server?.get('redis_mode') ?? 'standalone',
    role: replication?.get('role') ?? 'master',
    refusal: await findRefusal(client, `${prefix}doctor:${newToken()}`),
    appendOnly: appendOnly === undefined ? null : appendOnly === '1',
    appendSync: await findSetting(client, 'appendfsync'),
    eviction: memory?.get('maxmemory_policy') ?? null,
    maxMemory: maxMemory === undefined ? null : Number(maxMemory),
    latency,
  };
}

/** Lines of `name:value` under headings (Redis, INFO). */
const parseInfo = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const [, name, value] = /^([a-z_]+):(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );

/** Sessions are written by scripts: a replica, a full memory, a failed snapshot and an ACL all say so only then. */
async function findRefusal(client: RedisConnection, key: string): Promise<string | null> {
  const script = "redis.call('HSET', KEYS[1], 'row', '') redis.call('PEXPIRE', KEYS[1], 1000) return 1";
  try {
    await client.eval(script, { keys: [key], arguments: [] });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function findSetting(client: RedisConnection, name: string): Promise<string | null> {
  try {
    return (await client.configGet(name))[name] ?? null;
  } catch {
    return null;
  }
}
