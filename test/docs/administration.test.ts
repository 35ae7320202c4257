import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { Kind, OperationTypeNode, parse, validate, visit } from 'graphql';
import { errorCatalogue } from '../../src/core/errors.ts';
import { buildGuardedSchema } from '../../src/graphql/build-schema.ts';
import { describeSchema } from '../../src/graphql/describe-schema.ts';
import { coreModules } from '../../src/graphql/modules/core-modules.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const page = read('docs/administration.md');
const schema = buildGuardedSchema(coreModules);
const examples = [...page.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, source = '']) => parse(source));

test('every example of docs/administration.md is an operation of the schema', () => {
  expect(examples.flatMap((document) => validate(schema, document))).toEqual([]);
});

test('docs/administration.md has an example of every mutation but login and logout', () => {
  const shown = new Set<string>();
  for (const document of examples) {
    visit(document, {
      OperationDefinition: ({ operation, selectionSet }) => {
        for (const selection of selectionSet.selections) {
          if (operation === OperationTypeNode.MUTATION && selection.kind === Kind.FIELD)
            shown.add(selection.name.value);
        }
      },
    });
  }
  const mutations = Object.keys(schema.getMutationType()!.getFields());
  expect([...shown, 'login', 'logout'].sort()).toEqual(mutations.sort());
});

test('docs/administration.md says which mutations each permission covers, as permissions.csv does', () => {
  const covers = new Map<string, string[]>();
  for (const [, field = '', permission = ''] of read('policies/permissions.csv').matchAll(
    /^g2, Mutation\.(\w+), (\S+)$/gm,
  )) {
    covers.set(permission, [...(covers.get(permission) ?? []), field]);
  }
  for (const [permission, fields] of covers) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${permission}\``)) ?? '';
    expect({ permission, missing: fields.filter((field) => !row.includes(`\`${field}\``)) }).toEqual({
      permission,
      missing: [],
    });
  }
  expect(covers.size).toBe(4);
});

test('docs/administration.md names only codes of the catalogue', () => {
  const table = page.slice(page.indexOf('## What comes back'));
  const codes = [...table.matchAll(/`([A-Z_]{5,})`/g)].map(([, code = '']) => code);
  expect(codes.filter((code) => !(code in errorCatalogue))).toEqual([]);
});

test('policies/README.md lists the facts of the types that ship, and what acts on them', () => {
  const { facts, acts } = describeSchema(schema);
  const rows = [...read('policies/README.md').matchAll(/^\| `(\w+)` +\| (`.*?) +\| (.*?) +\|$/gm)];
  const namesIn = (cell: string) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name).sort();
  const documented = Object.fromEntries(
    rows.map(([, type = '', names = '', fields = '']) => [type, [namesIn(names), namesIn(fields)]]),
  );
  const declared = Object.fromEntries(
    Object.entries(facts).map(([type, names]) => [
      type,
      [
        [...names].sort(),
        [...acts].flatMap(([coordinate, on]) => (on === type ? (coordinate.split('.')[1] ?? []) : [])).sort(),
      ],
    ]),
  );
  expect(documented).toEqual(declared);
});
