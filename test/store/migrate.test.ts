import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { OperatorError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { createDataSource } from '../../src/store/data-source.ts';
import { migrate } from '../../src/store/migrate.ts';
import { migrations } from '../../src/store/migrations/all.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { StoreOptions } from '../../src/store/store-options.ts';
import {
  connectBeside,
  createDatabase,
  embeddedAddress,
  openTestStore,
  storeKinds,
} from './open-test-store.ts';
import { startProcess } from './processes/start.ts';

const names = migrations.map(({ name }) => name);

const emptyPlace = async (kind: string): Promise<{ options: StoreOptions; drop: () => Promise<void> }> => {
  if (kind === 'postgresql') {
    const { url, drop } = await createDatabase();
    return { options: { databaseUrl: url, dataDir: '', log: silentLog }, drop };
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'portcullis-migrate-'));
  return {
    options: { databaseUrl: null, dataDir, log: silentLog },
    drop: () => rm(dataDir, { recursive: true, force: true }),
  };
};

describe.each(storeKinds)('migrations of the %s store', (kind) => {
  // TypeORM takes no lock: 5 nodes ran one data migration 5 times.
  test('run once each, whoever of 5 processes runs them', async () => {
    const { options, drop } = await emptyPlace(kind);
    const owner = kind === 'embedded' ? await openStore(options) : null;
    const processes = Array.from({ length: 5 }, () =>
      startProcess('migrate.ts', options.databaseUrl?.reveal() ?? '', options.dataDir),
    );
    for (const started of processes) await started.next();
    for (const { child } of processes) child.send('go');
    const answers = await Promise.all(
      processes.map((started) => started.next<{ names?: string[]; failed?: string }>()),
    );
    expect(answers.filter(({ failed }) => failed !== undefined)).toEqual([]);
    expect(answers.flatMap((answer) => answer.names)).toEqual(names);
    const client = await connectBeside(options);
    const { rows } = await client.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY id');
    expect(rows.map(({ name }) => name)).toEqual(names);
    await client.end();
    await owner?.close();
    await drop();
  }, 120_000);

  test('go back one by one to nothing, and forward again', async () => {
    const opened = await openTestStore(kind);
    const { databaseUrl, dataDir } = opened.options;
    const { dataSource } = createDataSource({
      address:
        databaseUrl === null
          ? { kind: 'embedded', ...(await embeddedAddress(dataDir)) }
          : { kind: 'postgresql', url: databaseUrl },
      poolSize: 1,
      deadlines: { connect: 20_000, query: 20_000 },
      transactionMs: 20_000,
      log: silentLog,
    });
    await dataSource.initialize();
    for (let left = names.length; left > 0; left -= 1) await dataSource.undoLastMigration();
    const left = await opened.sql(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
       UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
    );
    expect(left).toEqual([{ name: 'schema_migrations' }]);
    await dataSource.destroy();
    expect(await migrate(opened.options)).toEqual(names);
    expect(await migrate(opened.options)).toEqual([]);
    expect(await opened.store.users.count()).toBe(0);
    await opened.close();
  });

  test('are needed before anything else: a call says so for the log', async () => {
    const { options, drop } = await emptyPlace(kind);
    const store = await openStore(options);
    await expect(store.users.count()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      detail: 'a table is missing: run the migrations',
    });
    await store.close();
    await drop();
  }, 60_000);

  test('that fail change nothing, and say so', async () => {
    const { options, drop } = await emptyPlace(kind);
    const store = await openStore(options);
    const client = await connectBeside(options);
    await client.query('CREATE TABLE throttle_buckets (in_the_way int)');
    await expect(migrate(options)).rejects.toThrow(OperatorError);
    await expect(migrate(options)).rejects.toThrow('nothing was changed');
    const { rows } = await client.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
    );
    expect(rows).toEqual([{ relname: 'throttle_buckets' }]);
    await client.query('DROP TABLE throttle_buckets');
    expect(await migrate(options)).toEqual(names);
    await client.end();
    await store.close();
    await drop();
  }, 60_000);
});
