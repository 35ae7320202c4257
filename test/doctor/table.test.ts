import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { settingsSchema } from '../../src/config/settings.ts';
import { checks } from '../../src/doctor/table.ts';

const root = resolve(import.meta.dirname, '../..');

test('what others stand on is told first', () => {
  expect(checks.map(({ name }) => name)).toEqual([
    'runtime',
    'configuration',
    'secrets',
    'origin',
    'listener',
    'proxies',
    'cors',
    'data-directory',
    'database',
    'clocks',
    'redis',
    'policy',
    'administrators',
    'authenticators',
  ]);
});

test('every file of checks/ is a row of the table, by its name', () => {
  const files = readdirSync(join(root, 'src/doctor/checks')).map((file) => file.replace(/\.ts$/, ''));
  expect(files.toSorted()).toEqual(checks.map(({ name }) => name).toSorted());
});

test('every check says which settings it stands on by names that there are', () => {
  const known = Object.keys(settingsSchema.shape);
  expect(checks.flatMap(({ needs }) => needs).filter((setting) => !known.includes(setting))).toEqual([]);
});

test('docs/cli.md says of every check what it looks at and why, in order', () => {
  const page = readFileSync(join(root, 'docs/cli.md'), 'utf8');
  const rows = [...page.matchAll(/^\| ([^|]+?) +\| `([a-z][a-z-]*)` +\| (.+?) +\|$/gm)].map(
    ([, title, name, reason]) => ({ title, name, reason }),
  );
  expect(rows).toEqual(checks.map(({ title, name, reason }) => ({ title, name, reason })));
});
