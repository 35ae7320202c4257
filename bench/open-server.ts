/** A whole server for a benchmark to ask, built and with people in it: what users run, on a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as portcullis from '../src/index.ts';

// What tsx makes of the sources names every function that they make: the build is what users run.
const built = new URL('../dist/index.js', import.meta.url).href;
const { createPortcullis, operator } = (await import(built)) as typeof portcullis;

export interface BenchServer {
  readonly accounts: portcullis.Portcullis['accounts'];
  /** Who made the people. */
  readonly operator: typeof operator;
  readonly usernames: readonly string[];
  readonly port: number;
  readonly metricsPort: number;
  /** Deletes the people, closes the server and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** The password of all of them. */
export const password = 'correct horse battery';

/**
 * On what DATABASE_URL and REDIS_URL say. Names begin with `prefix`; the first person may ask for the others.
 * @param writePolicy writes a policy into a folder; left out, the server has the one that comes with it
 */
export async function openBenchServer(
  prefix: string,
  people: number,
  writePolicy?: (folder: string) => Promise<void>,
): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
  const policies = join(folder, 'policies');
  await writePolicy?.(policies);
  const [databaseUrl = '', redisUrl = ''] = [process.env['DATABASE_URL'], process.env['REDIS_URL']];
  const server = await createPortcullis({
    dataDir: join(folder, 'data'),
    ...(writePolicy === undefined ? {} : { policyFolders: [policies] }),
    port: 0,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:4000',
    databaseUrl: databaseUrl === '' ? null : databaseUrl,
    redisUrl: redisUrl === '' ? null : redisUrl,
    metrics: { port: 0 },
  });
  const { accounts } = server;
  const usernames = Array.from({ length: people }, (_, index) => `${prefix}-${process.pid}-${index}`);
  for (const username of usernames) await accounts.create({ username, password }, operator);
  await accounts.addToGroup('support', `user:${usernames[0] ?? ''}`, operator);
  const { port, metricsPort } = await server.listen();
  return {
    accounts,
    operator,
    usernames,
    port,
    metricsPort: metricsPort ?? 0,
    async stop() {
      for (const username of usernames) {
        const user = await accounts.findByUsername(username);
        if (user !== null) await accounts.delete(user.id, operator);
      }
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}
