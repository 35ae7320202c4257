/** The server that bench/requests.ts asks: a whole one, in a process of its own, with people to ask for. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operator } from '../src/accounts/actor.ts';
import { parseSettings } from '../src/config/load-config.ts';
import { silentLog } from '../src/core/log.ts';
import { openServer } from '../src/server.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
const [databaseUrl = '', redisUrl = ''] = [process.env['DATABASE_URL'], process.env['REDIS_URL']];
const settings = parseSettings(
  {
    dataDir,
    port: 0,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:4000',
    databaseUrl: databaseUrl === '' ? null : databaseUrl,
    redisUrl: redisUrl === '' ? null : redisUrl,
    metrics: { port: 0 },
  },
  process.cwd(),
);
const server = await openServer(settings, { log: silentLog });
const names = Array.from({ length: 20 }, (_, index) => `bench-${process.pid}-${index}`);
for (const username of names)
  await server.accounts.create({ username, password: 'correct horse battery' }, operator);
await server.accounts.addToGroup('support', `user:${names[0] ?? ''}`, operator);
const { port, metricsPort } = await server.listen();
process.on('message', () => {
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
