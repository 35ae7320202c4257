import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { errorCatalogue } from '../../src/core/errors.ts';
import { rounds } from '../rounds.ts';
import { denyAll, denying } from './asking.ts';
import { askBothWays, type Asked } from './both-ways.ts';

const repeated = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const asks = (query: string, more: object = {}): string => JSON.stringify({ query, ...more });

/** Both ways answer to the letter alike, do the same and say the same; so does the server, which picks one. */
async function expectAlike(asked: Asked): Promise<void> {
  const { short, yogas, served } = await askBothWays(asked);
  expect({ asked, ...short }).toEqual({ asked, ...yogas });
  expect(served).toEqual(yogas);
}

const operations: readonly (readonly [string, string, Partial<Asked>?])[] = [
  ['a query', asks('{ plain echo books { id title } }')],
  ['a query with a name', asks('query Q { plain }')],
  ['variables', asks('query ($n: Int!) { echo(number: $n) }', { variables: { n: 3 } })],
  ['no variables, as null', asks('query ($n: Int = 4) { echo(number: $n) }', { variables: null })],
  ['variables that are too many', asks('{ plain }', { variables: { more: 1 } })],
  ['a variable of the wrong type', asks('query ($n: Int!) { echo(number: $n) }', { variables: { n: 'x' } })],
  ['a variable that is missing', asks('query ($id: ID!) { book(id: $id) { id } }')],
  ['the right operationName', asks('query A { plain } query B { echo }', { operationName: 'B' })],
  ['an operationName that is not there', asks('query A { plain }', { operationName: 'B' })],
  ['no operationName, where one is needed', asks('query A { plain } query B { echo }')],
  ['an empty operationName', asks('query A { plain }', { operationName: '' })],
  ['an operationName that is a number', asks('query A { plain }', { operationName: 1 })],
  ['an operationName of null', asks('query A { plain }', { operationName: null })],
  ['extensions', asks('{ plain }', { extensions: { persistedQuery: { version: 1 } } })],
  ['extensions of null', asks('{ plain }', { extensions: null })],
  ['extensions that are a list', asks('{ plain }', { extensions: [] })],
  ['extensions that are a text', asks('{ plain }', { extensions: 'x' })],
  ['variables that are a list', asks('{ plain }', { variables: [1] })],
  ['variables that are a text', asks('{ plain }', { variables: '{}' })],
  ['variables that are a number', asks('{ plain }', { variables: 0 })],
  ['variables that are false', asks('{ plain }', { variables: false })],
  ['a member that is not known', asks('{ plain }', { more: 1 })],
  ['a member that is not known, and null', asks('{ plain }', { more: null })],
  ['__proto__ among the members', '{"query":"{ plain }","__proto__":{"query":"{ echo }"}}'],
  ['constructor among the members', asks('{ plain }', { constructor: { prototype: 1 } })],
  [
    '__proto__ among the variables',
    '{"query":"query ($n: Int) { echo(number: $n) }","variables":{"__proto__":{"n":2}}}',
  ],
  ['the query twice', '{"query":"{ echo }","query":"{ plain }"}'],
  ['an empty query', asks('')],
  ['a query of white space', asks(' \n,')],
  ['a query of a comment', asks('# nothing')],
  ['a syntax error', asks('{ plain')],
  ['a syntax error at a character that is none', asks('{ plain \u0000 }')],
  ['no operation at all', asks('fragment F on Query { plain }')],
  ['a definition of a type', asks('type A { a: String } query { plain }')],
  ['an error of validation', asks('{ nothing }')],
  ['many errors of validation', asks(`{ ${repeated(25, (index) => `no${index}`)} }`)],
  ['a fragment that is not used', asks('{ plain } fragment F on Query { plain }')],
  [
    'a document that is too deep',
    asks(`{ book(id: "0") { ${'next { '.repeat(20)} id ${'} '.repeat(20)} } }`),
  ],
  ['too many aliases', asks(`{ ${repeated(100, (index) => `a${index}: echo`)} }`)],
  ['too many directives', asks(`{ plain ${repeated(100, () => '@skip(if: false)')} }`)],
  ['too many tokens', asks(`{ ${repeated(2_000, () => 'echo')} }`)],
  ['too high a cost', asks('{ books { id title } }'), { settings: { maxCost: 2 } }],
  ['an operation that takes too long', asks('{ slow plain }'), { settings: { timeout: 50 } }],
  ['introspection', asks('{ __schema { types { name fields { name } } } }')],
  ['a name of a type', asks('{ __typename }')],
  ['what a resolver throws', asks('{ fails plain }')],
  ['what a resolver answers wrongly', asks('{ broken plain }')],
  ['null where there must be something', asks('{ strictBook(id: "9") { id } }')],
  ['a denied field', asks('{ plain echo }'), { decisions: denying('Query.plain') }],
  ['denied fields in a list', asks('{ books { id title } }'), { decisions: denying('Book.title') }],
  [
    'a denied field that must not be null',
    asks('{ books { strict } }'),
    { decisions: denying('Book.strict') },
  ],
  ['everything denied', asks('{ plain books { id } }'), { decisions: denyAll }],
  ['denied introspection', asks('{ __schema { types { name } } }'), { decisions: denyAll }],
  ['a mutation', asks('mutation { rename(id: "1", title: "new") { book { title } } }')],
  ['two mutations in order', asks('mutation { a: burn rename(id: "0", title: "x") { book { id } } }')],
  ['a denied mutation', asks('mutation { burn }'), { decisions: denying('Mutation.burn') }],
  ['a mutation that must be alone', asks('mutation { signIn { book { id } } burn }')],
  ['a login', asks('mutation { login(name: "ann") }')],
  ['a login by variables', asks('mutation ($n: String!) { login(name: $n) }', { variables: { n: 'bob' } })],
  ['two logins at once', asks('mutation { a: login(name: "ann") b: login(name: "bob") }')],
  ...Object.keys(errorCatalogue).map(
    (code) => [`a login that ends in ${code}`, asks(`mutation { login(name: "${code}") }`)] as const,
  ),
  ['a logout', asks('mutation { logOut }')],
  [
    'other scripts',
    asks('query ($t: String!) { plain rename: echo }', { variables: { t: 'é 漢字 🦉 \u2028' } }),
  ],
  [
    'other scripts in a mutation',
    asks('mutation { rename(id: "0", title: "é漢🦉\\u2028") { book { title } } }'),
  ],
  ['half a character', asks('mutation { login(name: "\ud83e") }')],
  ['a byte order mark', asks('\ufeff{ plain }')],
  ['a big answer', asks(`{ ${repeated(25, (index) => `a${index}: books { id title strict }`)} }`)],
  ['a long document', asks(`{ plain } # ${'x'.repeat(30_000)}`)],
  ['a document beside text around it', ` \n ${asks('{ plain }')} \t`],
];

/** What has no operation in it, or is answered by more than one result: all of it goes Yoga's way. */
const notTaken: readonly (readonly [string, string])[] = [
  ['a number', '7'],
  ['null', 'null'],
  ['true', 'true'],
  ['a text', '"{ plain }"'],
  ['an empty list', '[]'],
  ['several operations', '[{"query":"{ plain }"},{"query":"{ plain }"}]'],
  ['an empty object', '{}'],
  ['a query in __proto__', '{"__proto__":{"query":"{ plain }"}}'],
  ['a query that is null', '{"query":null}'],
  ['a query that is a number', '{"query":7}'],
  ['a query that is a list', '{"query":["{ plain }"]}'],
  ['variables alone', '{"variables":{}}'],
  ['a subscription', asks('subscription { renamed { id title } }')],
  [
    'a subscription among others',
    asks('query A { plain } subscription B { renamed { id } }', { operationName: 'A' }),
  ],
  ['a subscription that makes no stream', asks('subscription { unmade }')],
  ['the word alone', asks('{ plain } # no subscription')],
];

const accepts: readonly (string | undefined)[] = [
  undefined,
  '',
  '*/*',
  'application/json',
  'application/graphql-response+json',
  'application/json, application/graphql-response+json',
  'application/graphql-response+json, application/json',
  'application/graphql-response+json;q=0.1, application/json;q=0.9',
  'application/json;q=0, application/graphql-response+json;q=1',
  'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-16, application/json',
  'application/json; charset=utf-16',
  'APPLICATION/JSON',
  ' application/json ',
  'application/*',
  '*/json',
  'application/json/more',
  'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'text/html, application/graphql-response+json',
  'text/event-stream, application/json',
  'application/json, text/event-stream',
  'multipart/mixed;deferSpec=20220824, application/json',
  ', application/json',
  'application/json;;;',
];
/** No answer in JSON goes with these. */
const acceptsNoJson: readonly string[] = [
  'text/html',
  'text/*',
  'image/png, text/plain;q=0.5',
  'application/xml',
  'text/event-stream',
  'multipart/mixed',
  '*',
  'json',
  ',',
  ';',
  'application/json; charset=utf-16',
  'application/json; charset="utf-8"',
];

describe("the short way answers as Yoga's own does", () => {
  test.each(operations)('to %s', async (_what, body, more = {}) => {
    expect((await askBothWays({ body, ...more })).short).not.toBeNull();
    for (const accept of ['application/json', 'application/graphql-response+json'])
      await expectAlike({ body, accept, ...more });
  });

  test.each(accepts.filter((accept) => !acceptsNoJson.includes(accept ?? '')))(
    'to whoever accepts %j',
    async (accept) => {
      for (const body of [
        asks('{ plain }'),
        asks('{ fails }'),
        asks('{ plain'),
        asks('{ no }'),
        asks('{ plain }', { more: 1 }),
      ]) {
        const asked = { body, ...(accept === undefined ? {} : { accept }) };
        expect((await askBothWays(asked)).short).not.toBeNull();
        await expectAlike(asked);
      }
    },
  );

  test('to whatever is put together at random', async () => {
    const documents = operations.map(([, body]) => (JSON.parse(body) as { query: string }).query);
    const member = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(null, {}, [], 'A', 'B', { n: 1 }, { n: 'x', t: '' }),
    );
    const request = fc.record({
      query: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...documents) },
        { weight: 1, arbitrary: fc.string() },
        {
          weight: 1,
          arbitrary: fc
            .constantFrom(...documents)
            .chain((text) => fc.nat(text.length).map((end) => text.slice(0, end))),
        },
      ),
      more: fc.dictionary(
        fc.constantFrom('variables', 'operationName', 'extensions', 'other', 'id'),
        member,
        { maxKeys: 3 },
      ),
      accept: fc.oneof(
        fc.constantFrom(...accepts, ...acceptsNoJson),
        fc
          .array(
            fc.constantFrom(
              '*/*',
              'application/json',
              'application/graphql-response+json',
              'text/html;q=0.3',
              'text/event-stream',
              ' ',
              'application/*;charset=utf-8',
            ),
            { maxLength: 4 },
          )
          .map((list) => list.join(',')),
      ),
      decisions: fc.constantFrom(undefined, denyAll, denying('Query.plain', 'Book.title', 'Mutation.burn')),
    });
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(request, async ({ query, more, accept, decisions }) => {
        const { short, yogas, served } = await askBothWays({
          body: asks(query, more),
          settings: { timeout: 20_000 },
          ...(accept === undefined ? {} : { accept }),
          ...(decisions === undefined ? {} : { decisions }),
        });
        expect(served).toEqual(yogas);
        if (short === null) return;
        taken += 1;
        expect(short).toEqual(yogas);
      }),
      { numRuns: rounds(300, 20_000) },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

describe("Yoga's own way is taken", () => {
  test.each(notTaken)('for %s', async (_what, body) => {
    for (const accept of [
      'application/json',
      'application/graphql-response+json',
      'text/event-stream',
      '*/*',
    ]) {
      const { short, yogas, served } = await askBothWays({ body, accept });
      expect(short).toBeNull();
      expect(served).toEqual(yogas);
    }
  });

  test.each(acceptsNoJson)('for whoever accepts %j alone', async (accept) => {
    const { short, yogas, served } = await askBothWays({ body: asks('{ plain }'), accept });
    expect(short).toBeNull();
    expect(served).toEqual(yogas);
    expect([200, 406]).toContain(served.status);
    expect(served.headers['content-type'] ?? '').not.toContain('json');
  });

  test('and events are what they were', async () => {
    const { served } = await askBothWays({
      body: asks('subscription { renamed { id } }'),
      accept: 'text/event-stream',
    });
    expect(served.headers['content-type']).toBe('text/event-stream');
    expect(served.body).toBe(
      `:\n\n${['0', '1', '2'].map((id) => `event: next\ndata: {"data":{"renamed":{"id":"${id}"}}}\n\n`).join('')}event: complete\ndata:\n\n`,
    );
  });
});
