import type { Address } from './data-source.ts';
import { defaultDeadlines, leaseOf } from './deadlines.ts';
import { openEmbedded } from './embedded/open-embedded.ts';
import type { StoreOptions } from './store-options.ts';

/** Where the database of these options is. Starts the embedded one where nobody has; `close` ends it then. */
export async function findAddress(
  options: StoreOptions,
): Promise<{ readonly address: Address; close(): Promise<void> }> {
  if (options.databaseUrl !== null) {
    return { address: { kind: 'postgresql', url: options.databaseUrl }, close: () => Promise.resolve() };
  }
  const embedded = await openEmbedded({
    dataDir: options.dataDir,
    attach: options.attach ?? false,
    leaseMs: leaseOf({ ...defaultDeadlines, ...options.deadlines }),
    log: options.log,
  });
  return {
    address: { kind: 'embedded', host: embedded.host, port: embedded.port },
    close: () => embedded.close(),
  };
}
