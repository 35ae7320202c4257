import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import {
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { buildGuardedSchema } from '../../src/graphql/build-schema.ts';
import { coreModules } from '../../src/graphql/modules/core-modules.ts';
import { printSchemaSource } from '../../src/graphql/print-schema.ts';
import { renderStructurePolicy } from '../../src/graphql/structure-policy.ts';
import { notes } from '../../examples/notes/module.ts';

const core = buildGuardedSchema(coreModules);
const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

test('schema.graphql is the schema of the core modules (portcullis schema print > schema.graphql)', async () => {
  expect(await read('schema.graphql')).toBe(printSchemaSource());
});

test('structure.csv names every structural type (portcullis policy structure > policies/structure.csv)', async () => {
  expect(await read('policies/structure.csv')).toBe(renderStructurePolicy(core));
});

test("the notes' structure.csv names theirs, and none of the core's", async () => {
  const both = buildGuardedSchema([...coreModules, notes]);
  expect(await read('examples/notes/policies/notes-structure.csv')).toBe(renderStructurePolicy(both, core));
});

test('everything in the core API has a description', () => {
  const bare: string[] = [];
  const check = (name: string, { description }: { description?: string | null | undefined }) => {
    if (description === undefined || description === null || description === '') bare.push(name);
  };
  const roots = ['Query', 'Mutation'];
  for (const type of Object.values<GraphQLNamedType>(core.getTypeMap())) {
    if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue;
    if (!roots.includes(type.name)) check(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
    if (!isObjectType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values<GraphQLField<unknown, unknown> | GraphQLInputField>(type.getFields())) {
      check(`${type.name}.${field.name}`, field);
      if ('args' in field)
        for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name})`, arg);
    }
  }
  expect(bare).toEqual([]);
});
