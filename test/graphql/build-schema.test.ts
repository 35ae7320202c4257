import { describe, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { buildGuardedSchema } from '../../src/graphql/build-schema.ts';
import { describeSchema } from '../../src/graphql/describe-schema.ts';
import { defineModule } from '../../src/graphql/module.ts';
import { createGraphqlServer } from '../../src/graphql/server.ts';
import { graphqlSettings } from '../../src/graphql/settings.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { library } from './library.ts';

const base = { name: 'base', typeDefs: 'type Query { a: A } type A { b: String }', resolvers: {} };
const build = (...definitions: readonly Parameters<typeof defineModule<unknown>>[0][]) =>
  buildGuardedSchema(definitions.map((definition) => defineModule<unknown>(definition)));

describe('a schema', () => {
  test('that did not pass the guard is not served: a type error, and a throw for those without types', () => {
    const needs = {
      services: {},
      settings: graphqlSettings.parse({}),
      production: true,
      clock: systemClock,
      log: silentLog,
    };
    // @ts-expect-error A plain schema is not a GuardedSchema.
    expect(() => createGraphqlServer({ ...needs, schema: buildSchema('type Query { a: Int }') })).toThrow(
      TypeError,
    );
  });

  test.each([
    [
      'a field of two modules',
      [base, { ...base, name: 'other' }],
      'Modules base and other both define the field Query.a',
    ],
    [
      'facts of two modules',
      [
        { ...base, facts: { A: {} } },
        { name: 'other', typeDefs: 'scalar S', resolvers: {}, facts: { A: {} } },
      ],
      'Modules base and other both define facts A',
    ],
    ['facts of no type', [{ ...base, facts: { B: {} } }], 'facts.B: the schema has no such object type.'],
    [
      'acts of no root field',
      [{ ...base, acts: { 'A.b': { on: 'A', load: () => null } } }],
      'acts.A.b: the schema has no such root field.',
    ],
    [
      'acts on no type',
      [{ ...base, acts: { 'Query.a': { on: 'B', load: () => null } } }],
      'acts.Query.a: there is no object type B.',
    ],
    [
      'a lonely field that is none',
      [{ ...base, alone: ['Query.c'] as const }],
      'alone: the schema has no root field Query.c.',
    ],
    [
      'a resolver that replaces the one of another module',
      [
        { ...base, resolvers: { Query: { a: () => null } } },
        {
          name: 'other',
          typeDefs: 'type Query { c: String }',
          resolvers: { Query: { a: () => ({ b: 'replaced' }), c: () => 'c' } },
        },
      ],
      'Module other resolves Query.a, which it does not define',
    ],
    [
      "a resolver in place of another module's default",
      [base, { name: 'other', typeDefs: 'type A { c: String }', resolvers: { A: { b: () => 'replaced' } } }],
      'Module other resolves A.b, which it does not define',
    ],
    [
      "a say in what another module's types are",
      [
        { ...base, typeDefs: 'type Query { a: U } type A { b: String } union U = A' },
        { name: 'other', typeDefs: 'scalar S', resolvers: { U: { __resolveType: () => 'A' } } },
      ],
      'Module other resolves U, which it does not define',
    ],
    ['a resolver of no field', [{ ...base, resolvers: { A: { c: () => 1 } } }], 'A.c'],
    [
      'data in a connection',
      [
        {
          ...base,
          typeDefs: 'type Query { a: AConnection } type AConnection { edges: [Int] totalCount: Int }',
        },
      ],
      'AConnection.totalCount',
    ],
    [
      'data in a payload',
      [{ ...base, typeDefs: 'type Query { a: APayload } type APayload { secret: String }' }],
      'APayload.secret',
    ],
    [
      'data in an edge',
      [{ ...base, typeDefs: 'type Query { a: AEdge } type AEdge { node: Int role: String }' }],
      'AEdge.role',
    ],
  ])('with %s is refused, with a sentence', (_, definitions, sentence) => {
    expect(() => build(...definitions)).toThrow(sentence);
  });
});

test('a schema is described as data: everything that a policy may name', () => {
  const { schema, facts, args, acts } = describeSchema(library());
  expect(schema.coordinates).toContain('Book.title');
  expect(schema.coordinates).toContain('Query.__schema');
  expect(schema.coordinates).not.toContain('Readable.title');
  expect(schema.interfaceCoordinates).toEqual(new Set(['Readable.title']));
  expect(schema.nonNull).toContain('Letter.strict');
  expect(schema.nonNull).not.toContain('Letter.title');
  expect(facts).toEqual({ Book: ['owner'] });
  expect(args.get('Mutation.rename')).toEqual(['id', 'title']);
  expect(acts.get('Mutation.rename')).toBe('Book');
});
