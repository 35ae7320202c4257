import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { joinStore, type JoinedStore } from '../../src/cli/joined-store.ts';
import { silentLog } from '../../src/core/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { follow } from '../audit/follow.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { startProcess, type Started } from '../store/processes/start.ts';
import { recordAt } from '../store/rows.ts';

// A server is a process of its own.
jest.setTimeout(120_000);

let opened: TestStore;
let server: Started | null = null;
let joined: JoinedStore | null = null;
beforeEach(async () => {
  opened = await openTestStore('embedded');
  await opened.store.close();
});
afterEach(async () => {
  await joined?.close();
  server?.child.kill('SIGKILL');
  await server?.exited;
  await opened.close();
});

const startServer = async (): Promise<Started> => {
  server = startProcess('open-store.ts', opened.options.dataDir);
  expect(await server.next()).toMatchObject({ opened: true });
  return server;
};
const options = () => ({ databaseUrl: null, dataDir: opened.options.dataDir, log: silentLog });

test('an embedded database that no server runs is not started: the server could not start beside it', async () => {
  await expect(joinStore(options())).rejects.toThrow('No server runs on the data directory');
  await startServer();
  joined = await joinStore(options());
  expect(await joined.ask((store) => store.users.count())).toBe(0);
});

test('whoever follows the trail follows it through a restart of the server, and does not hold it up', async () => {
  const first = await startServer();
  const store = await joinStore(options());
  joined = store;
  const following = await follow({
    list: (...request) => store.ask(({ audit }) => audit.list(...request)),
    since: (...request) => store.ask(({ audit }) => audit.since(...request)),
  });
  const append = async () => {
    const beside = await openStore({ ...options(), attach: true });
    const row = recordAt(Date.now());
    await beside.audit.append([row]);
    await beside.close();
    return row.id;
  };
  const before = await append();
  await following.until(1);
  first.child.kill('SIGKILL');
  await first.exited;
  while (following.outages.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await startServer();
  const after = await append();
  await following.until(2);
  await following.end();
  expect(following.ids()).toEqual([before, after]);
  expect(following.outages).toEqual(['began', 'ended']);
});

(storeKinds.includes('postgresql') ? test : () => undefined)(
  'PostgreSQL is joined whoever runs',
  async () => {
    const other = await openTestStore('postgresql');
    const store = await joinStore({ ...options(), databaseUrl: other.options.databaseUrl });
    expect(await store.ask(({ users }) => users.count())).toBe(0);
    await store.close();
    await other.close();
  },
);
