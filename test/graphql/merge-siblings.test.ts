import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  buildSchema,
  OverlappingFieldsCanBeMergedRule,
  parse,
  print,
  validate,
  type DocumentNode,
} from 'graphql';
import { mergeSiblings } from '../../src/graphql/merge-siblings.ts';
import { rounds } from '../rounds.ts';

const schema = buildSchema(`
  interface Being { name(upper: Boolean): String  friend: Being  age: Int }
  type Cat implements Being { name(upper: Boolean): String  friend: Being  age: Int  lives: Int! }
  type Dog implements Being { name(upper: Boolean): String  friend: Being  age: Int  lives: [Int] }
  type Query { being: Being  cat: Cat  dog: Dog }
`);

const leaves = [
  ...Array.from({ length: 20 }, (_, at) => ['name', 'age', 'name @include(if: true)'][at % 3] ?? ''),
  'name(upper: true)',
  'lives',
  'name: age',
  'age: name',
  'name: lives',
];
const { selections } = fc.letrec<{ selection: string; selections: string }>((tie) => ({
  selections: fc.array(tie('selection'), { minLength: 1, maxLength: 3 }).map((all) => `{ ${all.join(' ')} }`),
  selection: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 5, arbitrary: fc.constantFrom(...leaves) },
    { weight: 3, arbitrary: tie('selections').map((set) => `friend ${set}`) },
    { weight: 1, arbitrary: tie('selections').map((set) => `friend: friend ${set}`) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('', 'on Being', 'on Cat', 'on Dog'), tie('selections'))
        .map(([type, set]) => `... ${type} ${set}`),
    },
    { weight: 2, arbitrary: fc.constantFrom('...F', '...G') },
  ),
}));
/** A circle of fragments is another rule's business, which goes first. */
const without = (spreads: RegExp, set: string): string => set.replace(spreads, 'age');
const document = fc
  .tuple(selections, selections, selections, fc.constantFrom('Being', 'Cat', 'Dog'))
  .map(([query, f, g, type]) =>
    parse(
      `{ being ${query} being ${g} cat ${f} }
       fragment F on ${type} ${without(/\.\.\.[FG]/g, f)}
       fragment G on Being ${without(/\.\.\.G/g, g)}`,
    ),
  );

const conflicts = (of: DocumentNode): boolean =>
  validate(schema, of, [OverlappingFieldsCanBeMergedRule]).length > 0;

test('fields can be merged exactly where they could before those beside each other were made one', () => {
  const met = { conflicting: 0, fine: 0, shorter: 0 };
  fc.assert(
    fc.property(document, (original) => {
      const merged = mergeSiblings(original);
      expect(conflicts(merged)).toBe(conflicts(original));
      met[conflicts(original) ? 'conflicting' : 'fine'] += 1;
      if (print(merged).length < print(original).length) met.shorter += 1;
    }),
    { numRuns: rounds(1_000, 50_000) },
  );
  // The property says something only where both come up.
  expect(Math.min(met.conflicting, met.fine, met.shorter)).toBeGreaterThan(100);
});

test('what is repeated is looked at once, and conflicts are told where they stand', () => {
  const repeated = parse(`{ ${'being { friend { name } } '.repeat(200)} }`);
  expect(print(mergeSiblings(repeated)).replace(/\s+/g, ' ')).toBe('{ being { friend { name } } }');
  const [error] = validate(schema, mergeSiblings(parse('{ being { name } being { name: age } }')), [
    OverlappingFieldsCanBeMergedRule,
  ]);
  expect(error?.locations).toEqual([
    { line: 1, column: 11 },
    { line: 1, column: 26 },
  ]);
});

test('the document itself is left as it is', () => {
  const original = parse('{ being { name } being { age } }');
  const before = print(original);
  mergeSiblings(original);
  expect(print(original)).toBe(before);
});
