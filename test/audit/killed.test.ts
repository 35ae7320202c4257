import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { silentLog } from '../../src/core/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { rounds } from '../rounds.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { startProcess } from '../store/processes/start.ts';
import { allRows, failure, numbersOf, openTrail } from './open-trail.ts';

// Each is a process of its own.
jest.setTimeout(rounds(600_000, 3_600_000));

test.each(storeKinds)(
  'a server that is killed loses none of the records that were written, on %s',
  async (kind) => {
    const opened = await openTestStore(kind);
    const { databaseUrl, dataDir } = opened.options;
    // An embedded database is its server's alone.
    if (kind === 'embedded') await opened.store.close();
    let written = 0;
    for (let kill = 0; kill < rounds(1, 30); kill += 1) {
      const start = String(written);
      const server = startProcess(
        '../../audit/processes/record.ts',
        databaseUrl?.reveal() ?? '',
        dataDir,
        start,
      );
      server.child.on('message', (number: number) => (written = number));
      await server.next();
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 200));
      server.child.kill('SIGKILL');
      await server.exited;
    }
    const store = await openStore({ databaseUrl, dataDir, log: silentLog });
    const numbers = numbersOf(await allRows(store)) as number[];
    await store.close();
    await opened.close();
    expect(written).toBeGreaterThan(0);
    const inTime = numbers.filter((number) => number < written);
    expect(new Set(inTime).size).toBe(written);
    // What was on its way when the server died may be there as well, and is recorded again by the next one here.
    expect(numbers.length - written).toBeLessThanOrEqual(300 * rounds(2, 31));
  },
);

(storeKinds.includes('postgresql') ? describe : () => undefined)(
  'a PostgreSQL that ends connections in the middle of writing',
  () => {
    let opened: TestStore;
    beforeAll(async () => {
      opened = await openTestStore('postgresql');
    });
    afterAll(() => opened.close());

    test('has every record once, in order', async () => {
      const trail = openTrail(opened.store);
      let next = 0;
      const restarts = rounds(5, 100);
      for (let restart = 0; restart < restarts; restart += 1) {
        while (trail.status().queued > 9_000) await new Promise((resolve) => setTimeout(resolve, 50));
        for (const end = next + 500; next < end; next += 1) trail.record(failure(next));
        await new Promise((resolve) => setTimeout(resolve, 95 + Math.random() * 20));
        await opened.sql(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        );
      }
      await trail.written();
      expect(trail.status()).toMatchObject({ lost: 0, failingSince: null });
      expect(numbersOf(await allRows(opened.store))).toEqual(
        Array.from({ length: next }, (_, number) => number),
      );
      await trail.close();
    });
  },
);
