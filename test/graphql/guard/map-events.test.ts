import { expect, test } from '@jest/globals';
import { buildGuardedSchema } from '../../../src/graphql/build-schema.ts';
import { defineModule } from '../../../src/graphql/module.ts';
import { ask, recordingLog, start } from '../asking.ts';

/** News that take a while to be made and break after the first; it is written down when they are closed. */
function broadcasting(makeMs: number) {
  const closed: string[] = [];
  async function* events() {
    yield await Promise.resolve({ news: 'first' });
    throw new Error('connect ECONNREFUSED hunter2');
  }
  const schema = buildGuardedSchema([
    defineModule({
      name: 'news',
      typeDefs: 'type Query { idle: String } type Subscription { news: String }',
      resolvers: {
        Subscription: {
          news: {
            subscribe: async () => {
              await new Promise((resolve) => setTimeout(resolve, makeMs));
              const source = events();
              const stream = {
                next: () => source.next(),
                return: () => {
                  closed.push('news');
                  return source.return(undefined);
                },
              };
              return { [Symbol.asyncIterator]: () => stream };
            },
          },
        },
      },
    }),
  ]);
  return { schema, closed };
}

test('C66: a source of events that breaks is one masked answer, then the end: the stream never rejects', async () => {
  const { schema } = broadcasting(0);
  const log = recordingLog();
  const stream = await start(schema, 'subscription { news }', { log });
  if (!(Symbol.asyncIterator in stream)) throw new Error('no stream');
  expect((await stream.next()).value).toMatchObject({ data: { news: 'first' } });
  const last = await stream.next();
  expect(last).toMatchObject({
    done: false,
    value: { data: null, errors: [{ extensions: { code: 'INTERNAL' } }] },
  });
  expect(JSON.stringify(last)).not.toMatch(/hunter2/);
  expect(log.lines).toMatchObject([{ level: 'error', fields: { requestId: 'request-1' } }]);
  expect((await stream.next()).done).toBe(true);
});

test('a stream that is made after its time is closed: nobody is left to read it', async () => {
  const { schema, closed } = broadcasting(60);
  const answer = await ask(schema, 'subscription { news }', { limits: { timeout: 20 } });
  expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(closed).toEqual(['news']);
});
