/**
 * The server that bench/requests.ts asks: a whole one, built, in a process of its own, with people to ask for. It logs as it
 * does by default, and whoever forks it throws the lines away.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as portcullis from '../src/index.ts';
import { tellProcessorTime } from './requests-processor-time.ts';

// What tsx makes of the sources names every function that they make: the build is what users run.
const built = new URL('../dist/index.js', import.meta.url).href;
const { createPortcullis, operator } = (await import(built)) as typeof portcullis;

const dataDir = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
const [databaseUrl = '', redisUrl = ''] = [process.env['DATABASE_URL'], process.env['REDIS_URL']];
const server = await createPortcullis({
  dataDir,
  port: 0,
  host: '127.0.0.1',
  publicUrl: 'http://localhost:4000',
  databaseUrl: databaseUrl === '' ? null : databaseUrl,
  redisUrl: redisUrl === '' ? null : redisUrl,
  metrics: { port: 0 },
});
const names = Array.from(
  { length: Number(process.env['BENCH_PEOPLE'] ?? 20) },
  (_, index) => `bench-${process.pid}-${index}`,
);
for (const username of names)
  await server.accounts.create({ username, password: 'correct horse battery' }, operator);
await server.accounts.addToGroup('support', `user:${names[0] ?? ''}`, operator);
const { port, metricsPort } = await server.listen();
tellProcessorTime();
process.on('message', (message) => {
  if (message !== 'stop') return;
  void (async () => {
    for (const username of names) {
      const user = await server.accounts.findByUsername(username);
      if (user !== null) await server.accounts.delete(user.id, operator);
    }
    await server.close();
    await rm(dataDir, { recursive: true });
    process.exit();
  })();
});
process.send?.({ port, metricsPort, username: names[0], kept: redisUrl === '' ? 'database' : 'Redis' });
