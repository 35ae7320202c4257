import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Clock } from '../core/clock.ts';
import { createDataSource } from './data-source.ts';
import { defaultDeadlines, leaseOf } from './deadlines.ts';
import { findAddress } from './find-address.ts';
import type { StoreOptions } from './store-options.ts';
import type { Store } from './store.ts';
import { unreachable } from './unreachable.ts';

/** A database as an operator wants to know it. */
export interface DatabaseFacts {
  readonly kind: Store['kind'];
  /** PostgreSQL's own, such as `15.20`; PGlite is one too. */
  readonly version: string;
  /** Whether the connection is under TLS; `null` where that is nobody's question: the embedded database is a socket. */
  readonly encrypted: boolean | null;
  /** A standby, or a server that was told to take no writes. */
  readonly readOnly: boolean;
  /** Milliseconds of one small statement, the middle one of five. */
  readonly latency: number;
  /** How far the database's clock is ahead of ours, milliseconds; half of the latency is doubt. */
  readonly clockAhead: number;
  /** Migrations of ours that the database has not had, and those that it had and we do not know: of a newer version. */
  readonly pending: readonly string[];
  /** How many it has had. */
  readonly applied: number;
  readonly unknown: readonly string[];
}

/**
 * Looks at the database and changes nothing in it. The embedded one is joined where a process has it, else started.
 * @throws OperatorError where it can't be reached
 */
export async function inspectDatabase(
  options: StoreOptions & { readonly clock: Clock },
): Promise<DatabaseFacts> {
  const deadlines = { ...defaultDeadlines, ...options.deadlines };
  const found = await findAddress({ ...options, attach: true });
  const { kind } = found.address;
  const { dataSource } = createDataSource({
    address: found.address,
    poolSize: 1,
    deadlines,
    transactionMs: kind === 'embedded' ? leaseOf(deadlines) : deadlines.transaction,
    log: options.log,
  });
  try {
    await dataSource.initialize();
    const server = await loadServer(dataSource);
    return {
      kind,
      ...server,
      encrypted: kind === 'embedded' ? null : await loadEncryption(dataSource),
      ...(await measure(dataSource, options.clock)),
      ...(await loadMigrations(dataSource)),
    };
  } catch (error) {
    throw unreachable(kind, error);
  } finally {
    if (dataSource.isInitialized) {
      await Promise.race([dataSource.destroy(), sleep(deadlines.connect, undefined, { ref: false })]);
    }
    await found.close();
  }
}

async function one(dataSource: DataSource, sql: string): Promise<Record<string, unknown>> {
  const [row] = await dataSource.query<Record<string, unknown>[]>(sql);
  if (row === undefined) throw new Error('the database answered without a row');
  return row;
}

async function loadServer(dataSource: DataSource): Promise<Pick<DatabaseFacts, 'version' | 'readOnly'>> {
  const row = await one(
    dataSource,
    `SELECT current_setting('server_version') AS version, current_setting('transaction_read_only') = 'on' AS read_only`,
  );
  return { version: String(row['version']), readOnly: row['read_only'] === true };
}

/** What stands between us and PostgreSQL, a pooler say, is what is asked about: the server sees its own end alone. */
async function loadEncryption(dataSource: DataSource): Promise<boolean> {
  const row = await one(dataSource, 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
  return row['ssl'] === true;
}

async function measure(
  dataSource: DataSource,
  clock: Clock,
): Promise<Pick<DatabaseFacts, 'latency' | 'clockAhead'>> {
  const rounds: { readonly latency: number; readonly clockAhead: number }[] = [];
  for (let round = 0; round < 5; round += 1) {
    const begun = clock.monotonic();
    const row = await one(dataSource, 'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now');
    const latency = clock.monotonic() - begun;
    rounds.push({ latency, clockAhead: Number(row['now']) + latency / 2 - clock.now() });
  }
  const middle = rounds.toSorted((a, b) => a.latency - b.latency)[2];
  if (middle === undefined) throw new Error('five rounds have a middle one');
  return middle;
}

async function loadMigrations(
  dataSource: DataSource,
): Promise<Pick<DatabaseFacts, 'applied' | 'pending' | 'unknown'>> {
  const ours = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
  const { made } = await one(dataSource, `SELECT to_regclass('schema_migrations') IS NOT NULL AS made`);
  const rows =
    made === true
      ? await dataSource.query<{ name: string }[]>('SELECT name FROM schema_migrations ORDER BY timestamp')
      : [];
  const ran = new Set(rows.map(({ name }) => name));
  return {
    applied: ran.size,
    pending: ours.filter((name) => !ran.has(name)),
    unknown: [...ran].filter((name) => !ours.includes(name)),
  };
}
