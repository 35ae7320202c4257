import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreOptions } from './store-options.ts';

/** Whether there is anything to open: the embedded database is made at its first start, by `serve` or `migrate`. */
export const isMade = ({ databaseUrl, dataDir }: Pick<StoreOptions, 'databaseUrl' | 'dataDir'>): boolean =>
  databaseUrl !== null || existsSync(join(dataDir, 'database', 'PG_VERSION'));
