/** Waits for a word, migrates, and tells which migrations it ran. */
import { silentLog } from '../../../src/core/log.ts';
import { Secret } from '../../../src/core/secret.ts';
import { migrate } from '../../../src/store/migrate.ts';

const [url = '', dataDir = ''] = process.argv.slice(2);
process.once('message', () => {
  void migrate({ databaseUrl: url === '' ? null : new Secret(url), dataDir, log: silentLog })
    .then((names) => process.send?.({ names }))
    .catch((error: unknown) => process.send?.({ failed: String(error) }))
    .finally(() => process.disconnect());
});
process.send?.('started');
