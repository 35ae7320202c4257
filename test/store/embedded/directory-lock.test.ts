import { chmod, mkdtemp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, jest } from '@jest/globals';
import { OperatorError } from '../../../src/core/errors.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { takeDirectoryLock, type DirectoryLock } from '../../../src/store/embedded/directory-lock.ts';
import { rounds } from '../../rounds.ts';
import { embeddedAddress, openTestStore } from '../open-test-store.ts';
import { startProcess } from '../processes/start.ts';
import { userNamed } from '../rows.ts';

// Each test starts the database several times, which takes a busy machine a while.
jest.setTimeout(120_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portcullis-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const release = (lock: DirectoryLock): Promise<void> =>
  new Promise((done) => void lock.server.close(() => done()));
const take = () => takeDirectoryLock(folder, (socket) => socket.destroy());

test(
  'of many who want one directory at once, one gets it at most, and somebody does in the end',
  async () => {
    for (let round = 0; round < rounds(10, 200); round += 1) {
      const locks = (await Promise.all(Array.from({ length: 8 }, take))).filter((lock) => lock !== null);
      expect(locks.length).toBeLessThanOrEqual(1);
      const [winner = await take()] = locks;
      expect(winner).not.toBeNull();
      expect(await take()).toBeNull();
      await release(winner!);
    }
    expect(await readdir(folder)).toEqual([]);
  },
  rounds(60_000, 1_800_000),
);

test('what a dead owner left behind is swept, and nothing else', async () => {
  await writeFile(join(folder, '.s.PGSQL.42'), '');
  await writeFile(join(folder, 'notes.txt'), '');
  const lock = await take();
  expect((await readdir(folder)).sort()).toEqual([`.s.PGSQL.${lock?.port}`, 'notes.txt']);
  await release(lock!);
});

test('the socket is for its owner alone, in a folder for its owner alone', async () => {
  const opened = await openTestStore('embedded');
  const { host, port } = await embeddedAddress(opened.options.dataDir);
  expect((await stat(host)).mode & 0o777).toBe(0o700);
  expect((await stat(join(host, `.s.PGSQL.${port}`))).mode & 0o777).toBe(0o600);
  await opened.close();
});

test('a folder that was left open to others is closed to them', async () => {
  const opened = await openTestStore('embedded');
  await opened.store.close();
  await chmod(join(opened.options.dataDir, 'run'), 0o777);
  const again = await openStore(opened.options);
  expect((await stat(join(opened.options.dataDir, 'run'))).mode & 0o777).toBe(0o700);
  await again.close();
  await opened.close();
});

test('a data directory with a long path works, and is locked like any other', async () => {
  const opened = await openTestStore('embedded');
  await opened.store.close();
  const dataDir = join(folder, 'x'.repeat(120), 'y'.repeat(60));
  await mkdir(dataDir, { recursive: true });
  const before = (await readdir(tmpdir())).filter((name) => name.startsWith('pc-'));
  const store = await openStore({ ...opened.options, dataDir });
  await expect(openStore({ ...opened.options, dataDir })).rejects.toBeInstanceOf(OperatorError);
  const guest = await openStore({ ...opened.options, dataDir, attach: true });
  await guest.check();
  await guest.close();
  await store.check();
  await store.close();
  expect((await readdir(tmpdir())).filter((name) => name.startsWith('pc-'))).toEqual(before);
  await opened.close();
});

test('F02: a second server on a data directory is refused within a second, and the first one notices nothing', async () => {
  const opened = await openTestStore('embedded');
  for (let turn = 0; turn < rounds(3, 100); turn += 1) {
    const second = startProcess('open-store.ts', opened.options.dataDir);
    const name = `u${turn}`;
    const [answer, inserted] = await Promise.all([
      second.next<{ opened: boolean; name: string; message: string; ms: number }>(),
      opened.store.users.insert(userNamed(name)),
    ]);
    await second.exited;
    expect(inserted).toBe(true);
    expect(answer).toMatchObject({ opened: false, name: 'OperatorError' });
    expect(answer.message).toContain(opened.options.dataDir);
    expect(answer.message).toContain('DATA_DIR');
    expect(answer.ms).toBeLessThan(1_000);
  }
  expect(await opened.store.users.count()).toBe(rounds(3, 100));
  await opened.close();
}, 300_000);

test('a command joins the process that has the directory, and opens it itself where none has', async () => {
  const opened = await openTestStore('embedded');
  const guest = await openStore({ ...opened.options, attach: true });
  await guest.users.insert(userNamed('ann'));
  expect(await opened.store.users.count()).toBe(1);
  await guest.close();
  await opened.store.check();
  await opened.store.close();
  const alone = await openStore({ ...opened.options, attach: true });
  expect(await alone.users.count()).toBe(1);
  await alone.close();
  await opened.close();
});

test('of two commands that start at once on an idle directory, both do their work', async () => {
  const opened = await openTestStore('embedded');
  await opened.store.close();
  const work = async (name: string): Promise<void> => {
    const store = await openStore({ ...opened.options, attach: true });
    await store.users.insert(userNamed(name));
    await store.close();
  };
  await Promise.all([work('ann'), work('bob')]);
  const after = await openStore(opened.options);
  expect(await after.users.count()).toBe(2);
  await after.close();
  await opened.close();
});
