import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { oidcOptions } from '../../src/authenticators/oidc/options.ts';

const page = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/oidc.md'), 'utf8');

interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
}

const rowsOf = (path: string, { properties = {} }: Node): string[] =>
  Object.entries(properties).flatMap(([name, node]) => [
    ...(node.properties === undefined || node.default !== undefined ? [] : []),
    rowOf(`${path}${name}`, node),
    ...rowsOf(`${path}${name}.`, node),
  ]);

function rowOf(name: string, { description = '', default: byDefault, properties }: Node): string {
  const shown = byDefault === undefined || properties !== undefined ? '' : `\`${JSON.stringify(byDefault)}\``;
  return `| \`${name}\` | ${shown} | ${description} |`;
}

/** Every option, from the schema itself. */
const table = [
  '| option | default | what it says |',
  '| --- | --- | --- |',
  ...rowsOf('', z.toJSONSchema(oidcOptions, { io: 'input', unrepresentable: 'any' }) as Node),
].join('\n');

test('docs/oidc.md has every option as the schema has it', () => {
  expect(page).toContain(`<!-- options -->\n\n<!-- prettier-ignore -->\n${table}\n\n<!-- /options -->`);
});
