import { silentLog } from '../../src/core/log.ts';
import { createDataSource } from '../../src/store/data-source.ts';
import { migrations } from '../../src/store/migrations/all.ts';
import type { StoreOptions } from '../../src/store/store-options.ts';
import { embeddedAddress } from './open-test-store.ts';

/** TypeORM on the database of a test; an embedded one must be open. */
export async function dataSourceOf({ databaseUrl, dataDir }: StoreOptions) {
  return createDataSource({
    address:
      databaseUrl === null
        ? { kind: 'embedded', ...(await embeddedAddress(dataDir)) }
        : { kind: 'postgresql', url: databaseUrl },
    poolSize: 1,
    deadlines: { connect: 20_000, query: 20_000 },
    transactionMs: 20_000,
    log: silentLog,
  }).dataSource;
}

/** Makes the tables of an older version in an empty database: those of the first `count` migrations. */
export async function makeOldSchema(options: StoreOptions, count: number): Promise<void> {
  const dataSource = await dataSourceOf(options);
  dataSource.setOptions({ migrations: migrations.slice(0, count) });
  await dataSource.initialize();
  await dataSource.runMigrations({ transaction: 'all' });
  await dataSource.destroy();
}
