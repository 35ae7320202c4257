/** Opens a data directory as a server does; tells how it went and how long it took. */
import { silentLog } from '../../../src/core/log.ts';
import { openStore } from '../../../src/store/open-store.ts';

const before = performance.now();
try {
  const store = await openStore({ databaseUrl: null, dataDir: process.argv[2] ?? '', log: silentLog });
  process.send?.({ opened: true });
  process.once('message', () => void store.close().then(() => process.disconnect()));
} catch (error) {
  process.send?.({
    opened: false,
    name: (error as Error).name,
    message: (error as Error).message,
    ms: performance.now() - before,
  });
  process.disconnect();
}
