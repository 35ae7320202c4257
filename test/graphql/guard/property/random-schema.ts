import fc from 'fast-check';

/** Schemas of two object types, an interface and a union, whose fields have types at random; and what their resolvers do. */
export interface RandomSchema {
  readonly typeDefs: string;
  /** Of each object type, its fields with their types. */
  readonly fields: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What resolving a field does, by `Type.field`. */
  readonly behaviours: Readonly<Record<string, Behaviour>>;
}

export type Behaviour = 'value' | 'promise' | 'null' | 'throws' | 'rejects';

const outputs = [
  'String',
  'String!',
  '[String]',
  '[[Int]]',
  '[Int!]',
  'A',
  'B',
  'A!',
  '[A]',
  '[[B!]]',
  'Node',
  '[Node!]',
  'Either',
  '[Either]',
];
const behaviour = fc.constantFrom<Behaviour>(
  'value',
  'value',
  'value',
  'value',
  'promise',
  'null',
  'throws',
  'rejects',
);
const fieldNames = ['a', 'b', 'c', 'd'];

const fieldsOf = fc.tuple(...fieldNames.map(() => fc.constantFrom(...outputs)));

export const randomSchema: fc.Arbitrary<RandomSchema> = fc
  .record({
    query: fieldsOf,
    first: fieldsOf,
    second: fieldsOf,
    behaviours: fc.array(behaviour, { minLength: 12, maxLength: 12 }),
  })
  .map(({ query, first, second, behaviours }) => {
    const typed = (types: readonly string[]) =>
      Object.fromEntries(fieldNames.map((name, at) => [name, types[at] ?? 'String']));
    const fields = { Query: typed(query), A: typed(first), B: typed(second) };
    const coordinates = Object.keys(fields).flatMap((type) => fieldNames.map((name) => `${type}.${name}`));
    return {
      fields,
      behaviours: Object.fromEntries(coordinates.map((each, at) => [each, behaviours[at] ?? 'value'])),
      typeDefs: [
        'interface Node { name: String }',
        'union Either = A | B',
        `type Query { ${render(fields.Query)} }`,
        `type A implements Node { name: String ${render(fields.A)} }`,
        `type B implements Node { name: String ${render(fields.B)} }`,
      ].join('\n'),
    };
  });

const render = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, type]) => `${name}(n: Int = 1, first: Int = 2): ${type}`)
    .join(' ');

/** An object of the random data. `owner` is what its facts tell. */
export interface Thing {
  readonly __typename: 'A' | 'B';
  readonly name: string;
  readonly owner: string | undefined;
}

const owners = ['id-of-ann', 'id-of-bob', undefined];

/** A value of that type, the same each time it is asked for with the same seed. */
export function valueOf(type: string, seed: number): unknown {
  if (type.endsWith('!')) return valueOf(type.slice(0, -1), seed);
  if (type.startsWith('[')) {
    const inner = type.slice(1, -1);
    return Array.from({ length: seed % 3 }, (_, at) =>
      (seed + at) % 7 === 3 && !inner.endsWith('!') ? null : valueOf(inner, seed * 5 + at),
    );
  }
  if (type === 'String') return `text ${seed % 10}`;
  if (type === 'Int') return seed % 100;
  const __typename = type === 'A' || type === 'B' ? type : seed % 2 === 0 ? 'A' : 'B';
  const thing: Thing = { __typename, name: `${__typename} ${seed % 10}`, owner: owners[seed % 3] };
  return thing;
}
