import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createProgram } from '../../src/cli/program.ts';
import { renderReference } from '../../src/config/reference.ts';
import { environmentVariables } from '../../src/config/environment.ts';
import { renderFunctionTable } from '../../src/policy/conditions/functions/registry.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

test('docs/configuration.md says what the settings say', () => {
  expect(read('docs/configuration.md')).toBe(renderReference());
});

test('every environment variable is in the reference', () => {
  for (const name of Object.keys(environmentVariables)) expect(renderReference()).toContain(`\`${name}\``);
});

test("policies/README.md has the conditions' functions as they are", () => {
  expect(read('policies/README.md')).toContain(
    `<!-- functions -->\n\n${renderFunctionTable()}\n\n<!-- /functions -->`,
  );
});

test('docs/cli.md names every command and no other', () => {
  const documented = [...read('docs/cli.md').matchAll(/^\| (`[^|]*`) +\|/gm)]
    .flatMap(([, cell = '']) => cell.split(', '))
    .map((command) => command.replaceAll('`', '').replace(/ [A-Z].*$/, ''));
  const commands = createProgram().commands.flatMap((command) =>
    command.commands.length === 0
      ? [command.name()]
      : command.commands.map((inner) => `${command.name()} ${inner.name()}`),
  );
  expect(documented.toSorted()).toEqual(commands.toSorted());
});

describe('a page', () => {
  const pages = ['README.md', 'CHANGELOG.md', 'policies/README.md', 'examples/notes/README.md'].concat(
    readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  );

  test.each(pages)('%s links only to what is there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => target ?? '');
    expect(links.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
  });
});
