import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

/** Every copy of a package in the installed tree, nested ones too. */
function copiesOf(name: string, root: string): string[] {
  return readdirSync(join(root, 'node_modules'), { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || entry.name.startsWith('.')) return [];
    const folder = join(root, 'node_modules', entry.name);
    const packages = entry.name.startsWith('@')
      ? readdirSync(folder).map((scoped) => join(folder, scoped))
      : [folder];
    return packages.flatMap((each) => {
      const nested = readdirSync(each).includes('node_modules') ? copiesOf(name, each) : [];
      return entry.name === name ? [each, ...nested] : nested;
    });
  });
}

// koa-passport brings a second passport, and a strategy registered with one is unknown to the other.
test.each(['passport', 'graphql', 'casbin', 'koa'])('there is one copy of %s in the tree', (name) => {
  expect(copiesOf(name, resolve(import.meta.dirname, '../..'))).toHaveLength(1);
});
