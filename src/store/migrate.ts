import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationExecutor } from 'typeorm';
import { OperatorError } from '../core/errors.ts';
import { createDataSource } from './data-source.ts';
import { DatabaseFault } from './failures.ts';
import { findAddress } from './find-address.ts';
import { defaultDeadlines } from './deadlines.ts';
import type { StoreOptions } from './store-options.ts';
import { unreachable } from './unreachable.ts';

/** The key of the advisory lock; any number, as long as it stays this one. */
const migrationLock = 7_072_274;

/**
 * Runs the pending migrations, all in one transaction, so a crash leaves the old schema whole. Whoever comes second
 * waits, and finds nothing to do: on PostgreSQL by an advisory lock of that transaction, on the embedded store because
 * a transaction has it alone. Works beside a running server.
 *
 * @returns the names of what was run, oldest first
 * @throws OperatorError where the database can't be reached or one fails; nothing is changed then
 */
export async function migrate(options: StoreOptions): Promise<readonly string[]> {
  const deadlines = { ...defaultDeadlines, ...options.deadlines };
  const found = await findAddress({ ...options, attach: true });
  const { dataSource } = createDataSource({
    address: found.address,
    poolSize: 1,
    deadlines: { connect: deadlines.connect, query: deadlines.migrate },
    transactionMs: deadlines.migrate,
    log: options.log,
  });
  try {
    await dataSource.initialize().catch((error: unknown) => {
      throw unreachable(found.address.kind, error);
    });
    return await dataSource.transaction(async (manager) => {
      const runner = manager.queryRunner;
      if (runner === undefined) throw new Error('a transaction has a query runner');
      if (found.address.kind === 'postgresql') {
        await runner.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
      }
      const executor = new MigrationExecutor(dataSource, runner);
      executor.transaction = 'none';
      return (await executor.executePendingMigrations()).map((migration) => migration.name);
    });
  } catch (error) {
    throw error instanceof OperatorError
      ? error
      : new OperatorError(
          `The database could not be migrated, and nothing was changed: ${error instanceof Error ? error.message : String(error)}. Mend that, then try again.`,
          new DatabaseFault(error),
        );
  } finally {
    if (dataSource.isInitialized) {
      await Promise.race([dataSource.destroy(), sleep(deadlines.connect, undefined, { ref: false })]);
    }
    await found.close();
  }
}
