import { describe, expect, test } from '@jest/globals';
import { buildGuardedSchema } from '../../../src/graphql/build-schema.ts';
import { defineModule } from '../../../src/graphql/module.ts';
import { allowAll, ask, decisionsBy, denying, type Asking } from '../asking.ts';
import { Library, library } from '../library.ts';
import { preflightSteps } from '../../../src/graphql/guard/preflight.ts';

const schema = library();

/** What an operation did to the library, and what it was answered. */
async function tried(source: string, asking: Asking<Library> = {}) {
  const services = new Library();
  const before = JSON.stringify(services.books);
  const { data, errors = [] } = await ask(schema, source, { services, ...asking });
  expect(JSON.stringify(services.books)).toBe(before);
  return { data, done: services.done, codes: errors.map((error) => error.extensions['code']), errors };
}

test('the steps before an operation runs are these, in this order', () => {
  expect(preflightSteps.map((step) => step.name)).toEqual([
    'check it stands alone',
    'check introspection',
    'check the cost',
    'check the mutation ahead',
  ]);
});

describe('a mutation that is denied before any object is looked at', () => {
  test.each([
    ['as a root field', 'mutation { burn }', denying('Mutation.burn')],
    [
      'after one that is allowed',
      'mutation { burn rename(id: "0", title: "x") { book { id } } }',
      denying('Mutation.rename'),
    ],
    [
      'in a nested field',
      'mutation { rename(id: "0", title: "x") { book { next { title } } } }',
      denying('Book.title'),
    ],
    [
      'in a fragment',
      'mutation { rename(id: "0", title: "x") { ...f } } fragment f on RenamePayload { book { id } }',
      denying('Book.id'),
    ],
    [
      'under a union, at a type it may be',
      'mutation { rename(id: "0", title: "x") { anything { ... on Letter { title } } } }',
      denying('Letter.title'),
    ],
    [
      'behind an interface, at a type it may be',
      'mutation { rename(id: "0", title: "x") { anything { ... on Readable { title } } } }',
      denying('Letter.title'),
    ],
  ])('C39: has no side effect: %s', async (_, source, decisions) => {
    const { data, done, codes } = await tried(source, { decisions });
    expect({ data, done, codes }).toEqual({ data: null, done: [], codes: ['FORBIDDEN'] });
  });

  test('C39: is not refused for a field that @skip or @include leaves out, with the actual variables', async () => {
    const source =
      'mutation ($no: Boolean!) { burn @skip(if: true) rename(id: "0", title: "x") { book { id title @include(if: $no) } } }';
    const decisions = denying('Mutation.burn', 'Book.title');
    expect((await tried(source, { decisions, variables: { no: false } })).done).toContain('renamed 0');
    expect(await tried(source, { decisions, variables: { no: true } })).toMatchObject({
      data: null,
      done: [],
    });
  });

  test('C39: is not refused at a type that its fragment can not be', async () => {
    const source = 'mutation { rename(id: "0", title: "x") { book { ... on Readable { title } } } }';
    expect((await tried(source, { decisions: denying('Letter.title') })).done).toContain('renamed 0');
  });

  test('C39: names every denied coordinate once', async () => {
    const { errors } = await tried(
      'mutation { a: rename(id: "0", title: "x") { book { id } } b: rename(id: "1", title: "x") { book { id title } } burn }',
      { decisions: denying('Book.id', 'Mutation.burn') },
    );
    expect(errors.map((error) => error.extensions)).toMatchObject([
      { coordinate: 'Book.id', count: 2 },
      { coordinate: 'Mutation.burn', count: 1 },
    ]);
  });

  test('C39: one that only its object can deny does not run either', async () => {
    const decisions = decisionsBy({ decide: (coordinate) => coordinate !== 'Mutation.rename' });
    const { data, done } = await tried('mutation { rename(id: "0", title: "x") { book { id } } }', {
      decisions,
    });
    expect({ data, done }).toEqual({ data: { rename: null }, done: ['loaded 0'] });
  });

  test('a query that is denied in part runs, and is null there', async () => {
    const { data } = await tried('{ plain echo }', { decisions: denying('Query.plain') });
    expect(data).toEqual({ plain: null, echo: 7 });
  });
});

describe('introspection', () => {
  const denied = denying('Query.__schema', 'Query.__type');

  test.each([
    '{ __schema { types { name } } }',
    '{ __type(name: "Book") { name } }',
    '{ plain ... on Query { hidden: __schema { types { name } } } }',
    '{ ...f } fragment f on Query { __type(name: "Book") { name } }',
  ])('C64: refuses the operation where it is denied: %s', async (source) => {
    const { data, codes } = await tried(source, { decisions: denied });
    expect({ data, codes }).toEqual({ data: null, codes: ['FORBIDDEN'] });
  });

  test('is answered where it is allowed, and __typename always is', async () => {
    const { data } = await tried('{ __typename __type(name: "Book") { name } }', { decisions: allowAll });
    expect(data).toEqual({ __typename: 'Query', __type: { name: 'Book' } });
    expect((await tried('{ books { __typename } }', { decisions: denied })).data).toEqual({
      books: [{ __typename: 'Book' }, { __typename: 'Book' }, { __typename: 'Book' }],
    });
  });

  test('is not refused where the actual variables leave it out', async () => {
    const source = 'query ($look: Boolean!) { plain __schema @include(if: $look) { types { name } } }';
    expect((await tried(source, { decisions: denied, variables: { look: false } })).data).toEqual({
      plain: 'plain',
    });
    expect((await tried(source, { decisions: denied, variables: { look: true } })).data).toBeNull();
  });
});

describe('a field that stands alone', () => {
  test.each([
    'mutation { signIn { book { id } } burn }',
    'mutation { a: signIn { book { id } } b: signIn { book { id } } }',
    'mutation { signIn { book { id } } ...f } fragment f on Mutation { burn }',
  ])('is refused in company: %s', async (source) => {
    expect(await tried(source)).toMatchObject({ data: null, done: [], codes: ['BAD_USER_INPUT'] });
  });

  test('is not refused for what lies under it: that is decided as whoever it makes the caller', async () => {
    const decisions = decisionsBy({
      decide: () => true,
      preview: (coordinate) => (coordinate === 'Mutation.signIn' ? 'allow' : 'deny'),
    });
    expect((await tried('mutation { __typename signIn { book { id } } }', { decisions })).data).toEqual({
      __typename: 'Mutation',
      signIn: { book: { id: '0' } },
    });
  });
});

test.each([
  ['query ($look: Boolean = true) { plain @include(if: $look) }', { look: null }, '"if"'],
  ['query ($first: Int = 5) { page(first: $first) { id } }', { first: null }, '"first"'],
])('a null in place of a default is told, before anything runs: %s', async (source, variables, named) => {
  const paged = buildGuardedSchema([
    defineModule({
      name: 'paged',
      typeDefs: 'type Query { plain: String page(first: Int! = 20): [Row] } type Row { id: ID }',
      resolvers: {},
    }),
  ]);
  const { data, errors } = await ask(paged, source, { variables });
  expect(data).toBeNull();
  expect(errors).toMatchObject([
    { message: expect.stringContaining(named), extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

describe('the cost of an operation', () => {
  test('is refused past the limit before anything runs', async () => {
    const source = '{ books { next { next { id title } } } }';
    // books + 10 × (next + next + id + title)
    expect((await tried(source, { limits: { maxCost: 41 } })).codes).toEqual([]);
    expect(await tried(source, { limits: { maxCost: 40 } })).toMatchObject({
      data: null,
      done: [],
      codes: ['BAD_USER_INPUT'],
      errors: [{ message: expect.stringContaining('could resolve 41 fields; at most 40') }],
    });
  });

  test('counts a fragment wherever it is spread, without walking it again', async () => {
    const spreads = Array.from(
      { length: 25 },
      (_, index) => `fragment f${index} on Book { ...f${index + 1} ...f${index + 1} }`,
    );
    const source = `{ book(id: "0") { ...f0 } } ${spreads.join(' ')} fragment f25 on Book { id }`;
    const { errors } = await tried(source, { limits: { maxCost: 5_000 } });
    expect(errors).toMatchObject([{ message: expect.stringContaining(String(2 ** 25 + 1)) }]);
  });
});
