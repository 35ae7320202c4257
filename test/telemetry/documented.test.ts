import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { auditEvents } from '../../src/audit/events.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { setDesk } from '../policy/engine/desk.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/operations.md'), 'utf8');

const src = join(root, 'src');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);
const textOf = (name: string): string => readFileSync(join(src, name), 'utf8');

/** The rows between two marks of the page, cell by cell. */
const rowsOf = (mark: string): string[][] =>
  (page.split(`<!-- ${mark} -->`)[1]?.split(`<!-- /${mark} -->`)[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );

/** Parts with nothing to tell: what is asked for here are the names. */
const idle = {
  audit: { status: () => ({ queued: 0, capacity: 0, lost: 0, failingSince: null }) },
  hasher: { status: () => ({ working: 0, waiting: 0, capacity: 0 }) },
  store: { pool: () => ({ open: 0, idle: 0, waiting: 0, most: 0 }) },
  graphql: { openStreams: () => 0 },
};

test('docs/operations.md lists every metric that a server has, with its type and what it tells, and no other', async () => {
  const desk = setDesk('p, everyone, *, *, allow\n');
  const telemetry = createTelemetry({ process: false, clock: systemClock });
  telemetry.watchParts({ ...idle, policy: await desk.open() });
  const { text } = await telemetry.render();
  await desk.clear();
  const types = new Map(
    [...text.matchAll(/^# TYPE (portcullis_\w+) (\w+)$/gm)].map(([, name, type]) => [name, type]),
  );
  const metrics = [...text.matchAll(/^# HELP (portcullis_\w+) (.+)$/gm)].map(([, name, help]) => [
    name,
    types.get(name),
    help,
  ]);
  expect(metrics.length).toBeGreaterThan(20);
  expect(rowsOf('metrics').map(([name, type, , help]) => [name, type, help])).toEqual(metrics);
});

test('docs/operations.md names only metrics that there are in its alerts', () => {
  const listed = new Set(rowsOf('metrics').map(([name]) => name));
  const named = [...page.matchAll(/portcullis_[a-z_]+[a-z]/g)].map(([name]) => name.replace(/_bucket$/, ''));
  expect(named.length).toBeGreaterThan(listed.size);
  expect(named.filter((name) => !listed.has(name))).toEqual([]);
});

test('docs/operations.md lists every event of the log that is no record of the trail, and no other', () => {
  const events = sources.flatMap((name) =>
    [...textOf(name).matchAll(/\bevent: '([a-z-]+\.[a-z-]+)'/g)].map(([, event = '']) => event),
  );
  const ofTheLog = new Set(events.filter((event) => !(event in auditEvents)));
  expect(
    rowsOf('log events')
      .map(([event]) => event)
      .toSorted(),
  ).toEqual([...ofTheLog].toSorted());
});

test('whatever is logged above debug says its event first, so that it can be found and alerted on', () => {
  const nameless = sources.flatMap((name) =>
    [...textOf(name).matchAll(/\blog\.(?:info|warn|error)\(\s*\{(?!\s*(?:event\b|\.\.\.))/g)].map(() => name),
  );
  expect(nameless).toEqual([]);
});
