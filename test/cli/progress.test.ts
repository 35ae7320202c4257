import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { OutputOptions } from '../../src/cli/output.ts';
import { startProgress, type Terminal, withProgress } from '../../src/cli/progress.ts';

/** A terminal, or a pipe, and what was written to it. */
function screen(isTTY: boolean): { readonly stream: Terminal; readonly written: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  return { stream, written: () => (stream.read() as Buffer | null)?.toString('utf8') ?? '' };
}

const longer = 900;

test('an operator at a terminal sees how far it is, and the line is empty again at the end', async () => {
  const { stream, written } = screen(true);
  const progress = startProgress('Ending sessions', 200, {}, stream);
  progress.to(41, 200);
  progress.step();
  await sleep(longer);
  expect(written()).toMatch(/Ending sessions \[=+-+\] 42\/200/);
  progress.to(7, 300);
  await sleep(300);
  expect(written()).toContain('7/300');
  progress.stop();
  // eslint-disable-next-line no-control-regex -- the last thing is to clear the line
  expect(written()).toMatch(/\u001b\[2K$/);
  await sleep(300);
  expect(written()).toBe('');
});

test('the terminal itself is left as it is: Ctrl-C would leave it without a cursor or without line breaks', async () => {
  const { stream, written } = screen(true);
  const before = process.listenerCount('SIGINT');
  const progress = startProgress('Looking', 10, {}, stream);
  await sleep(longer);
  expect(process.listenerCount('SIGINT')).toBe(before);
  progress.stop();
  // eslint-disable-next-line no-control-regex -- hide the cursor; no line wrapping
  expect(written()).not.toMatch(/\u001b\[\?(25|7)[lh]/);
});

test.each<[string, boolean, OutputOptions, number]>([
  ['what takes less than half a second', true, {}, 100],
  ['--json', true, { json: true }, longer],
  ['a pipe', false, {}, longer],
])('nothing is drawn for %s', async (_title, isTTY, options, milliseconds) => {
  const { stream, written } = screen(isTTY);
  const work = async (): Promise<string> => {
    await sleep(milliseconds);
    return 'done';
  };
  expect(await withProgress('Looking', 10, options, work, stream)).toBe('done');
  await sleep(600);
  expect(written()).toBe('');
});

test('work that fails takes its bar along', async () => {
  const { stream, written } = screen(true);
  const work = async (): Promise<never> => {
    await sleep(longer);
    throw new Error('the database went away');
  };
  await expect(withProgress('Reading accounts', 10, {}, work, stream)).rejects.toThrow(
    'the database went away',
  );
  expect(written()).toContain('0/10');
  await sleep(300);
  expect(written()).toBe('');
});
