import fc from 'fast-check';
import type { RandomSchema } from './random-schema.ts';

/** A document over a random schema, with its variables. */
export interface RandomDocument {
  readonly source: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Choices, one after the other: a document is drawn by them. */
type Draw = (below: number) => number;

export const randomDocument = (schema: RandomSchema): fc.Arbitrary<RandomDocument> =>
  fc
    .record({
      choices: fc.array(fc.nat(1_000), { minLength: 20, maxLength: 120 }),
      on: fc.boolean(),
      n: fc.nat(2),
    })
    .map(({ choices, on, n }) => {
      let at = 0;
      const draw: Draw = (below) => (choices[at++ % choices.length] ?? 0) % below;
      const root = selection(schema, 'Query', 3, draw);
      const body = `${root} anyA: ${anyOf(schema, 'A')} anyB: ${anyOf(schema, 'B')}`;
      const fragments = ['A', 'B']
        .filter((type) => body.includes(`...On${type}`))
        .map((type) => `fragment On${type} on ${type} { ${selection(schema, type, 1, draw, false)} }`);
      const text = [body, ...fragments].join('\n');
      const variables = Object.entries({ on: 'Boolean!', n: 'Int' })
        .filter(([name]) => new RegExp(`\\$${name}\\b`).test(text))
        .map(([name, type]) => `$${name}: ${type}`);
      const head = variables.length === 0 ? 'query Q' : `query Q(${variables.join(', ')})`;
      return { source: [`${head} { ${body} }`, ...fragments].join('\n'), variables: { on, n } };
    });

const directives = ['', '', '', ' @include(if: $on)', ' @skip(if: $on)', ' @include(if: true)'];

/** A field of Query through which the fragment on that type is used. */
function anyOf({ fields }: RandomSchema, type: string): string {
  const found = Object.entries(fields['Query'] ?? {}).find(([, output]) => named(output) === type);
  return found === undefined ? '__typename' : `${found[0]} { ...On${type} }`;
}

const named = (type: string): string => type.replaceAll(/[[\]!]/g, '');

function selection(schema: RandomSchema, type: string, depth: number, draw: Draw, spreads = true): string {
  const count = 1 + draw(4);
  const parts = Array.from({ length: count }, () => part(schema, type, depth, draw, spreads));
  return ['__typename', ...parts].join(' ');
}

function part(schema: RandomSchema, type: string, depth: number, draw: Draw, spreads: boolean): string {
  if (type === 'Node' || type === 'Either') {
    const concrete = draw(2) === 0 ? 'A' : 'B';
    if (type === 'Node' && draw(3) === 0) return 'name';
    if (spreads && draw(3) === 0) return `...On${concrete}${directive(draw)}`;
    return `... on ${concrete}${directive(draw)} { ${selection(schema, concrete, depth - 1, draw, spreads)} }`;
  }
  if (type !== 'Query' && draw(6) === 0) return 'name';
  const fields = Object.entries(schema.fields[type] ?? {});
  const [name, output] = fields[draw(fields.length)] ?? ['__typename', 'String'];
  const inner = named(output);
  const isLeaf = inner === 'String' || inner === 'Int';
  if (!isLeaf && depth <= 0) return '__typename';
  const given = ['', '', '(n: $n)', '(n: 2)'][draw(4)] ?? '';
  // The same name in the answer for the same question only: selections of it are merged.
  const alias = `${type}_${name}${given.replaceAll(/\W/g, '')}: `;
  return `${alias}${name}${given}${directive(draw)}${isLeaf ? '' : ` { ${selection(schema, inner, depth - 1, draw, spreads)} }`}`;
}

const directive = (draw: Draw): string => directives[draw(directives.length)] ?? '';
