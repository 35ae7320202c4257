import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';

/** A script of its own, which has the server's log as `log`. */
const start = (script: string, stdout: 'pipe' | number = 'pipe') =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '--import',
      'tsx',
      '--eval',
      `const { createServerLog } = await import('./src/server-log.ts');
       const log = createServerLog({ mode: 'production', logLevel: 'info' });
       const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
       ${script}`,
    ],
    { stdio: ['ignore', stdout, 'pipe'] },
  ) as ChildProcessByStdio<null, Readable, Readable>;

/** What came when, and all of it. */
async function run(script: string): Promise<{ readonly pieces: readonly string[]; readonly all: string }> {
  const child = start(script);
  const pieces: string[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece.toString('utf8')));
  const [all] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { pieces, all };
}

const linesOf = (written: string): readonly number[] =>
  written
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { n: number }).n);
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

test('what is logged stands whole and in order, however much it is and however the process ends', async () => {
  const { all } = await run(`
    for (let n = 0; n < 2_000; n += 1) log.info({ n }, 'A line.');
    process.exit(3);`);
  expect(linesOf(all)).toEqual(upTo(2_000));
});

test('an error that nobody catches does not take the last lines along', async () => {
  const { all } = await run(`
    for (let n = 0; n < 5; n += 1) log.info({ n }, 'A line.');
    process.on('uncaughtException', () => process.exit(1));
    setImmediate(() => { throw new Error('uncaught'); });
    await sleep(60_000);`);
  expect(linesOf(all)).toEqual(upTo(5));
});

test('lines are written together, and none waits for long', async () => {
  const { pieces, all } = await run(`
    for (let n = 0; n < 3; n += 1) { log.info({ n }, 'A line.'); await sleep(5); }
    await sleep(1_000);
    log.info({ n: 3 }, 'Another.');
    await sleep(1_000);
    process.kill(process.pid, 'SIGKILL');`);
  expect(linesOf(all)).toEqual(upTo(4));
  expect(pieces.map((piece) => linesOf(piece).length)).toEqual([3, 1]);
});

test('a warning is out at once, after what came before it', async () => {
  const { all } = await run(`
    log.info({ n: 0 }, 'A line.');
    log.warn({ n: 1 }, 'A warning.');
    // No timer comes up meanwhile.
    const end = Date.now() + 1_000;
    while (Date.now() < end);
    process.kill(process.pid, 'SIGKILL');`);
  expect(linesOf(all)).toEqual([0, 1]);
});

test('a reader that has stopped stops nothing else', async () => {
  const child = start(`
    for (let n = 0; n < 5_000; n += 1) log.info({ n, text: 'x'.repeat(100) }, 'A line.');
    log.warn({ n: 5_000 }, 'A warning.');
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 20);
    await sleep(2_000);
    clearInterval(timer);
    process.stderr.write(String(longest));
    process.exit();`);
  const [longest] = (await once(child.stderr, 'data')) as [Buffer];
  child.stdout.resume();
  await once(child, 'close');
  expect(Number(String(longest))).toBeGreaterThan(0);
  expect(Number(String(longest))).toBeLessThan(1_500);
});

test.each(['process.exit(0);', ''])(
  'a full disk ends no process, and keeps none from ending (%#)',
  async (ending) => {
    const full = await open('/dev/full', 'w');
    const child = start(
      `
      process.on('uncaughtException', () => process.exit(7));
      log.info({ n: 0 }, 'A line.');
      await sleep(300);
      log.warn({ n: 1 }, 'A warning.');
      await sleep(300);
      log.info({ n: 2 }, 'A line.');
      ${ending}`,
      full.fd,
    );
    const [code] = (await once(child, 'exit')) as [number | null];
    await full.close();
    expect(code).toBe(0);
  },
);
