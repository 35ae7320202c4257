import { setTimeout as sleep } from 'node:timers/promises';
import { createDataSource } from './data-source.ts';
import { cut } from './deadline-client.ts';
import { defaultDeadlines, leaseOf } from './deadlines.ts';
import { findAddress } from './find-address.ts';
import type { StoreOptions } from './store-options.ts';
import type { Store } from './store.ts';
import { createRootStore } from './unit-of-work.ts';
import { unreachable } from './unreachable.ts';

/**
 * Opens the store; it does not migrate it (`migrate`). Ready when the promise resolves.
 *
 * @throws OperatorError where the database can't be reached, or another process has the data directory
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const deadlines = { ...defaultDeadlines, ...options.deadlines };
  const found = await findAddress(options);
  const { kind } = found.address;
  const { dataSource, clients } = createDataSource({
    address: found.address,
    poolSize: options.poolSize ?? 10,
    deadlines,
    transactionMs: kind === 'embedded' ? leaseOf(deadlines) : deadlines.transaction,
    log: options.log,
  });
  try {
    await dataSource.initialize();
  } catch (error) {
    await found.close();
    throw unreachable(kind, error);
  }

  const close = async (): Promise<void> => {
    // Whoever still waits for an answer when the deadline has passed loses the connection: a frozen database must not
    // keep the process from ending.
    const timer = setTimeout(() => {
      for (const client of clients) cut(client, 'the store is being closed');
    }, deadlines.query);
    await Promise.race([dataSource.destroy(), sleep(2 * deadlines.query, undefined, { ref: false })]);
    clearTimeout(timer);
    await found.close();
  };
  let closing: Promise<void> | undefined;
  return createRootStore({
    kind,
    dataSource,
    transactionMs: deadlines.transaction,
    onChange: options.onChange,
    close: () => (closing ??= close()),
  });
}
