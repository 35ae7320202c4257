import { describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { errorCatalogue, PortcullisError } from '../../../src/core/errors.ts';
import { buildGuardedSchema } from '../../../src/graphql/build-schema.ts';
import { defineModule } from '../../../src/graphql/module.ts';
import { ask, recordingLog } from '../asking.ts';
import { Library, library } from '../library.ts';

const schema = library();
const secret = /hunter2|ECONNREFUSED|db\.internal/;

describe('an unexpected error', () => {
  test.each(['development', 'test', 'production', undefined])(
    'C66: is masked and logged with its request where NODE_ENV is %s',
    async (mode) => {
      const before = process.env['NODE_ENV'];
      try {
        if (mode === undefined) delete process.env['NODE_ENV'];
        else process.env['NODE_ENV'] = mode;
        const log = recordingLog();
        const answer = await ask(schema, '{ plain fails broken }', { log });
        expect(answer.data).toEqual({ plain: 'plain', fails: null, broken: null });
        expect(answer.errors).toMatchObject([
          {
            message: errorCatalogue.INTERNAL.message,
            path: ['fails'],
            extensions: { code: 'INTERNAL' },
          },
          { path: ['broken'], extensions: { code: 'INTERNAL' } },
        ]);
        expect(JSON.stringify(answer)).not.toMatch(secret);
        expect(log.lines).toMatchObject([
          { level: 'error', fields: { requestId: 'request-1', path: ['fails'] } },
          { level: 'error', fields: { requestId: 'request-1', path: ['broken'] } },
        ]);
        expect(String((log.lines[0]!.fields as { err: Error }).err)).toMatch(secret);
      } finally {
        process.env['NODE_ENV'] = before;
      }
    },
  );

  test('C66: is masked where a resolver throws a GraphQLError with nodes, or an error with a path of its own', async () => {
    const careless = buildGuardedSchema([
      defineModule({
        name: 'careless',
        typeDefs: 'type Query { named: String located: String }',
        resolvers: {
          Query: {
            named: (_: unknown, _args: object, _context, { fieldNodes }) => {
              throw new GraphQLError('connect ECONNREFUSED hunter2', { nodes: fieldNodes });
            },
            located: () => {
              throw Object.assign(new Error('invalid'), { path: ['hunter2', 0] });
            },
          },
        },
      }),
    ]);
    const answer = await ask(careless, '{ named located }');
    expect(answer.errors?.map(({ extensions }) => extensions['code'])).toEqual(['INTERNAL', 'INTERNAL']);
    expect(JSON.stringify(answer)).not.toMatch(secret);
  });

  test('C66: is one error for all rows of a list', async () => {
    const rows = buildGuardedSchema([
      defineModule({
        name: 'rows',
        typeDefs: 'type Query { rows: [Row] } type Row { cell: String }',
        resolvers: {
          Query: { rows: () => Array.from({ length: 500 }, () => ({})) },
          Row: {
            cell: () => {
              throw new Error('hunter2');
            },
          },
        },
      }),
    ]);
    const log = recordingLog();
    const { errors } = await ask(rows, '{ rows { cell } }', { log });
    expect(errors).toMatchObject([
      { path: ['rows', 0, 'cell'], extensions: { code: 'INTERNAL', count: 500 } },
    ]);
    expect(log.lines).toHaveLength(1);
  });
});

test('an error of the catalogue passes with its code, its message and what it declares public', async () => {
  const refusing = buildGuardedSchema([
    defineModule({
      name: 'refusing',
      typeDefs: 'type Query { slow: String }',
      resolvers: {
        Query: {
          slow: () => {
            throw new PortcullisError('THROTTLED', {
              retryAfter: 30,
              detail: 'hunter2',
              cause: new Error('hunter2'),
            });
          },
        },
      },
    }),
  ]);
  const answer = await ask(refusing, '{ slow }');
  expect(answer.errors).toMatchObject([
    {
      message: 'Too many attempts. Wait, then try again.',
      extensions: { code: 'THROTTLED', retryAfter: 30 },
    },
  ]);
  expect(JSON.stringify(answer)).not.toMatch(secret);
});

test("a fault in the caller's own variables is told, without guessing what was meant", async () => {
  const source = 'query ($number: Int!) { echo(number: $number) }';
  expect(await ask(schema, source, { variables: { number: 'seven' } })).toMatchObject({
    errors: [{ message: expect.stringContaining('$number'), extensions: { code: 'BAD_USER_INPUT' } }],
  });
});

test("a fault in the caller's own arguments, found when they are coerced, is told", async () => {
  const source = 'query ($number: Int) { echo(number: $number) }';
  const { data, errors } = await ask(schema, source, { variables: { number: null } });
  expect(data).toEqual({ echo: null });
  expect(errors).toMatchObject([{ path: ['echo'], extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('an operation past its time is answered at once, and nothing of it goes on', async () => {
  const services = new Library();
  const started = performance.now();
  const { data, errors } = await ask(schema, '{ slow }', { services, limits: { timeout: 50 } });
  expect(performance.now() - started).toBeLessThan(190);
  expect(data).toBeNull();
  expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
});

test.each(['mutation { a }', 'subscription { a }'])(
  'a kind of operation that the schema does not have is the fault of whoever asks, and no news to the log: %s',
  async (source) => {
    const reading = buildGuardedSchema([
      defineModule({ name: 'reading', typeDefs: 'type Query { plain: String }', resolvers: {} }),
    ]);
    const log = recordingLog();
    const { errors } = await ask(reading, source, { log });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(log.lines).toEqual([]);
  },
);

test('a document of several operations needs a name', async () => {
  const source = 'query a { plain } query b { echo }';
  expect((await ask(schema, source)).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect((await ask(schema, source, { operationName: 'b' })).data).toEqual({ echo: 7 });
});
