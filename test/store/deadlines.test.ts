import { describe, expect, test } from '@jest/globals';
import { OperatorError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { Secret } from '../../src/core/secret.ts';
import { createDataSource } from '../../src/store/data-source.ts';
import { defaultDeadlines } from '../../src/store/deadlines.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startFreezableProxy } from './freezable-proxy.ts';
import { openTestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { userNamed } from './rows.ts';

// A frozen database hangs queries for ever: nothing is closed, nothing is answered.
(storeKinds.includes('postgresql') ? describe : () => undefined)('a frozen PostgreSQL', () => {
  test('is UNAVAILABLE within the deadline for every call, and serves again once it thaws', async () => {
    const opened = await openTestStore('postgresql');
    const url = new URL(opened.options.databaseUrl!.reveal());
    const proxy = await startFreezableProxy({
      host: url.hostname,
      port: Number(url.port === '' ? 5432 : url.port),
    });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    const store = await openStore({
      ...opened.options,
      databaseUrl: new Secret(url.href),
      poolSize: 4,
      deadlines: defaultDeadlines,
    });
    await store.users.insert(userNamed('ann'));
    await Promise.all(Array.from({ length: 4 }, () => store.check()));

    proxy.freeze();
    const calls = [
      ...Array.from({ length: 8 }, () => store.users.count()),
      store.sessions.load(null, { now: 0, idle: 1, absolute: 1 }),
      store.transaction((unit) => unit.users.count()),
      store.throttles.take([{ key: 'a', limit: 1, windowMs: 1 }], 0),
      store.check(),
    ];
    const before = performance.now();
    const timed = await Promise.all(
      calls.map(async (call) => ({
        error: await call.catch((error: unknown) => error),
        ms: performance.now() - before,
      })),
    );
    for (const { error, ms } of timed) {
      expect(error).toMatchObject({ code: 'UNAVAILABLE', detail: expect.any(String) as unknown });
      expect(ms).toBeLessThan(4_600);
    }

    proxy.thaw();
    expect(await store.users.count()).toBe(1);

    proxy.freeze();
    const closing = performance.now();
    await store.close();
    expect(performance.now() - closing).toBeLessThan(4_600);
    await proxy.close();
    await opened.close();
  });

  test('ends statements and idle transactions by itself too, a little before we would', async () => {
    const opened = await openTestStore('postgresql');
    const { dataSource } = createDataSource({
      address: { kind: 'postgresql', url: opened.options.databaseUrl! },
      poolSize: 1,
      deadlines: { connect: 2_000, query: 500 },
      transactionMs: 300,
      log: silentLog,
    });
    await dataSource.initialize();
    const canceled = 'canceling statement due to statement timeout';
    await expect(dataSource.query('SELECT pg_sleep(5)')).rejects.toThrow(canceled);
    const idle = dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1');
      await new Promise((resolve) => setTimeout(resolve, 600));
      await manager.query('SELECT 1');
    });
    await expect(idle).rejects.toThrow();
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await dataSource.destroy();
    await opened.close();
  });
});

describe('a store that can not be opened', () => {
  test('says that PostgreSQL can not be reached, and never the password', async () => {
    const databaseUrl = new Secret('postgres://ann:hunter2@127.0.0.1:1/nowhere');
    const opening = openStore({ databaseUrl, dataDir: '', log: silentLog });
    const error = await opening.catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(OperatorError);
    expect(String(error)).toContain('DATABASE_URL');
    expect(String(error)).not.toContain('hunter2');
  });
});
