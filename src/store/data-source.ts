import pg from 'pg';
import { DataSource } from 'typeorm';
import type { Log } from '../core/log.ts';
import type { Secret } from '../core/secret.ts';
import type { Deadlines } from './deadlines.ts';
import { deadlineClient } from './deadline-client.ts';
import { entities } from './entities/all.ts';
import { DatabaseFault } from './failures.ts';
import { migrations } from './migrations/all.ts';
import { typeormLog } from './typeorm-log.ts';

/** Where the database is: a URL of PostgreSQL, or the socket of an embedded one. */
export type Address =
  | { readonly kind: 'postgresql'; readonly url: Secret }
  | { readonly kind: 'embedded'; readonly host: string; readonly port: number };

export interface DataSourceOptions {
  readonly address: Address;
  readonly poolSize: number;
  readonly deadlines: Pick<Deadlines, 'connect' | 'query'>;
  /** The longest transaction, milliseconds: what the embedded database is asked for, and PostgreSQL told. */
  readonly transactionMs: number;
  readonly log: Log;
}

export interface OpenDataSource {
  /** Not initialized yet. */
  readonly dataSource: DataSource;
  /** Every open connection of its pool. */
  readonly clients: ReadonlySet<pg.Client>;
}

/** The part of `pg`'s options that says where to go, and what the server is to enforce by itself. */
function connectionOf({ address, deadlines, transactionMs }: DataSourceOptions): pg.PoolConfig {
  if (address.kind === 'postgresql') {
    return {
      connectionString: address.url.reveal(),
      fallback_application_name: 'portcullis',
      // A little before our own deadline: then the statement ends, and its connection stays good.
      statement_timeout: Math.floor(deadlines.query * 0.9),
      idle_in_transaction_session_timeout: transactionMs,
    };
  }
  // Everything is said, so that no PG* variable of the environment fills a gap. No server-side timeouts here: they do
  // not fire in PGlite, and one makes it spin. `options` reaches only our own front.
  return {
    host: address.host,
    port: address.port,
    user: 'postgres',
    database: 'postgres',
    ssl: false,
    options: `-c portcullis.lease=${transactionMs}`,
  };
}

/**
 * TypeORM over `pg`, the same for both stores. Extensions are never installed, nothing is synchronized, migrations run
 * only by command.
 */
export function createDataSource(options: DataSourceOptions): OpenDataSource {
  const clients = new Set<pg.Client>();
  const dataSource = new DataSource({
    type: 'postgres',
    driver: pg,
    entities,
    migrations: [...migrations],
    migrationsTableName: 'schema_migrations',
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    logger: typeormLog(options.log),
    poolSize: options.poolSize,
    connectTimeoutMS: options.deadlines.connect,
    poolErrorHandler: (error: unknown) =>
      options.log.warn(
        { event: 'database.connection-lost', err: new DatabaseFault(error) },
        'an idle database connection was lost',
      ),
    extra: {
      ...connectionOf(options),
      keepAlive: true,
      Client: deadlineClient(options.deadlines.query, clients),
    },
  });
  return { dataSource, clients };
}
