/** Boots on each database it is told, as a server does: opens the store, migrates, asks something; tells how it went. */
import { silentLog } from '../../../src/core/log.ts';
import { Secret } from '../../../src/core/secret.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { openStore } from '../../../src/store/open-store.ts';

async function boot(url: string): Promise<readonly string[]> {
  const options = { databaseUrl: new Secret(url), dataDir: '', log: silentLog };
  const store = await openStore(options);
  try {
    const names = await migrate(options);
    await store.users.count();
    await store.sessions.load(null, { now: 1, idle: 1, absolute: 1 });
    await store.administration.revision();
    return names;
  } finally {
    await store.close();
  }
}

process.on('message', (url) => {
  void boot(String(url))
    .then((names) => process.send?.({ names }))
    .catch((error: unknown) => process.send?.({ failed: String(error) }));
});
process.send?.('started');
