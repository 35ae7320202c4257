/**
 * A store of its own for a test: fresh, migrated, empty.
 *
 *     import { openTestStore, type TestStore } from '../store/open-test-store.ts';
 *     import { storeKinds } from '../store/store-kinds.ts';
 *
 *     describe.each(storeKinds)('accounts on the %s store', (kind) => {
 *       let test: TestStore;
 *       beforeAll(async () => { test = await openTestStore(kind); });
 *       afterAll(() => test.close());
 *       beforeEach(() => test.empty());            // rows gone, tables stay
 *       it('…', () => test.store.users.count());
 *     });
 *
 * One a file, and `empty()` between tests: opening takes half a second, emptying some milliseconds. `test.options` opens
 * further stores on the same data (`openStore({ ...test.options, attach: true })`, for "another node"). The embedded
 * kind needs nothing; 'postgresql' needs DATABASE_URL, and makes and drops a database of its own. Both start as copies of a template that is migrated once for a set of migrations; PostgreSQL's is dropped
 * when the run is over (drop-templates.js).
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { silentLog } from '../../src/core/log.ts';
import { Secret } from '../../src/core/secret.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { StoreOptions } from '../../src/store/store-options.ts';
import type { Store } from '../../src/store/store.ts';
import { layEmbeddedDatabase, schemaDigest } from './embedded-template.ts';
import type { StoreKind } from './store-kinds.ts';

const databaseUrl = (): string => process.env['DATABASE_URL'] ?? '';

export interface TestStore {
  readonly store: Store;
  readonly options: StoreOptions;
  /** Runs one SQL statement beside the store. */
  sql(text: string, values?: unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Removes every row. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

async function embeddedOptions(): Promise<{ options: StoreOptions; drop: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'portcullis-test-store-'));
  await layEmbeddedDatabase(dataDir);
  return {
    options: { databaseUrl: null, dataDir, log: silentLog },
    drop: () => rm(dataDir, { recursive: true, force: true }),
  };
}

/** Runs the work on the database that DATABASE_URL names, one test process at a time. */
async function administer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(7072275)');
    return await work(client);
  } finally {
    await client.end();
  }
}

export const urlOf = (database: string): Secret => {
  const url = new URL(databaseUrl());
  url.pathname = `/${database}`;
  return new Secret(url.href);
};

/** An empty database without tables; `drop` removes it, whoever is connected. */
export async function createDatabase(
  template = 'template0',
): Promise<{ url: Secret; drop: () => Promise<void> }> {
  return administer((client) => copyDatabase(client, template));
}

async function copyDatabase(
  client: pg.Client,
  template: string,
): Promise<{ url: Secret; drop: () => Promise<void> }> {
  const name = `portcullis_test_${randomBytes(6).toString('hex')}`;
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    url: urlOf(name),
    drop: () =>
      administer(async (client) => {
        await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      }),
  };
}

async function postgresqlOptions(): Promise<{ options: StoreOptions; drop: () => Promise<void> }> {
  const template = `portcullis_template_${await schemaDigest()}`;
  // Made and copied under one lock: another run that ends meanwhile drops the template (drop-templates.js).
  const { url, drop } = await administer(async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (found.rowCount === 0) {
      const draft = `${template}_draft`;
      await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
      await client.query(`CREATE DATABASE ${draft} TEMPLATE template0`);
      await migrate({ databaseUrl: urlOf(draft), dataDir: '', log: silentLog });
      await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
    }
    return copyDatabase(client, template);
  });
  return { options: { databaseUrl: url, dataDir: '', log: silentLog }, drop };
}

/** Children go with their parents. DELETE, not TRUNCATE: a tenth of the time on small tables. */
const emptying = [
  ...['users', 'groups', 'throttle_buckets', 'setup_links', 'used_states', 'audit_records'].map(
    (table) => `DELETE FROM ${table}`,
  ),
  'UPDATE policy_epoch SET value = 0',
  'UPDATE administration SET revision = 0',
].join(';');

/** Long, so that a busy machine does not fail a test; tests about deadlines bring their own. */
const patient = { connect: 20_000, query: 20_000, transaction: 20_000 };

/** `changes` go to `openStore`, such as other deadlines. */
export async function openTestStore(
  kind: StoreKind,
  changes: Partial<StoreOptions> = {},
): Promise<TestStore> {
  const made = await (kind === 'embedded' ? embeddedOptions() : postgresqlOptions());
  const options: StoreOptions = { ...made.options, deadlines: patient, ...changes };
  const store = await openStore(options);
  const client = await connectBeside(options);
  const sql: TestStore['sql'] = async (text, values) =>
    (await client.query<Record<string, unknown>>(text, values)).rows;
  return {
    store,
    options,
    sql,
    async empty() {
      await sql(emptying);
    },
    async close() {
      await client.end().catch(() => undefined);
      await store.close();
      await made.drop();
    },
  };
}

/** A plain `pg` client on the same database, embedded or not. */
export async function connectBeside(options: StoreOptions): Promise<pg.Client> {
  const client = new pg.Client(
    options.databaseUrl === null
      ? { ...(await embeddedAddress(options.dataDir)), user: 'postgres', database: 'postgres' }
      : { connectionString: options.databaseUrl.reveal() },
  );
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Where the process that has the data directory listens. */
export async function embeddedAddress(dataDir: string): Promise<{ host: string; port: number }> {
  const host = join(dataDir, 'run');
  const name = (await readdir(host)).find((entry) => entry.startsWith('.s.PGSQL.'));
  return { host, port: Number(name?.split('.').at(-1)) };
}
