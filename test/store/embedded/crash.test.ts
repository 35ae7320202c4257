import { expect, test, jest } from '@jest/globals';
import { silentLog } from '../../../src/core/log.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { rounds } from '../../rounds.ts';
import { openTestStore } from '../open-test-store.ts';
import { startProcess } from '../processes/start.ts';

// Each test starts the database several times, which takes a busy machine a while.
jest.setTimeout(120_000);

test('an owner that is killed loses no acknowledged row, and its directory opens again at once', async () => {
  const opened = await openTestStore('embedded');
  await opened.store.close();
  const acknowledged: string[] = [];
  const kills = rounds(1, 30);
  for (let kill = 0; kill < kills; kill += 1) {
    const owner = startProcess('insert-rows.ts', opened.options.dataDir);
    owner.child.on('message', (id: string) => acknowledged.push(id));
    await owner.next();
    await new Promise((resolve) => setTimeout(resolve, 200));
    owner.child.kill('SIGKILL');
    await owner.exited;
  }
  const store = await openStore(opened.options);
  const found = await store.users.findMany(acknowledged);
  expect(found).toHaveLength(acknowledged.length);
  expect(acknowledged.length).toBeGreaterThanOrEqual(kills);
  await store.close();
  await opened.close();
}, 300_000);

test('a database that crashes is UNAVAILABLE at once, not a hang, and says so in the log', async () => {
  const faults: string[] = [];
  const error = (_: object, message: string): void => void faults.push(message);
  const opened = await openTestStore('embedded', { log: { ...silentLog, error } });
  // A COPY from the client ends PGlite's backend. This one hides behind what looks like a comment.
  await expect(opened.sql("SELECT '/*'; COPY users FROM/**/STDIN")).rejects.toThrow();
  const before = performance.now();
  for (const call of [
    opened.store.users.count(),
    opened.store.check(),
    opened.store.sessions.load(null, { now: 0, idle: 1, absolute: 1 }),
    opened.store.transaction((store) => store.users.count()),
  ]) {
    await expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  }
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(faults.some((message) => message.includes('crashed'))).toBe(true);
  await opened.store.close();
  const again = await openStore(opened.options);
  expect(await again.users.count()).toBe(0);
  await again.close();
  await opened.close();
});
