import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLError, type ExecutionResult, type GraphQLErrorExtensions } from 'graphql';
import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { renderResult } from '../../src/graphql/render-result.ts';
import { rounds } from '../rounds.ts';

/** What Yoga's own handler makes of a result that an executor has answered. */
async function yogasAnswer(result: ExecutionResult, accept: string) {
  const answering: Plugin = {
    onExecute({ setResultAndStopExecution }) {
      setResultAndStopExecution(result);
    },
  };
  const yoga = createYoga({
    schema: createSchema({ typeDefs: 'type Query { a: String }' }),
    maskedErrors: false,
    logging: false,
    fetchAPI: { Request, Response, Headers, ReadableStream },
    plugins: [answering],
  });
  const response = await yoga.fetch('http://localhost/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: '{"query":"{ a }"}',
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

const http = fc.oneof(
  fc.constantFrom(undefined, null),
  fc.record(
    {
      status: fc.constantFrom(200, 400, 401, 403, 418, 500),
      spec: fc.boolean(),
      headers: fc.dictionary(fc.constantFrom('Allow', 'x-one', 'Retry-After'), fc.constantFrom('1', 'two')),
    },
    { requiredKeys: [] },
  ),
);
const extensions = fc.record(
  {
    http,
    code: fc.constantFrom('FORBIDDEN', 'INTERNAL'),
    unexpected: fc.boolean(),
    originalError: fc.constantFrom(null, { message: 'x' }, new GraphQLError('y')),
    more: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const error = fc
  .record({
    message: fc.string(),
    extensions,
    path: fc.option(fc.array(fc.oneof(fc.nat(9), fc.constantFrom('a', 'b')))),
    cause: fc.constantFrom(undefined, new Error('x'), new GraphQLError('of graphql')),
  })
  .map(
    ({ message, path, cause, extensions: members }) =>
      new GraphQLError(message, {
        path,
        extensions: members as GraphQLErrorExtensions,
        ...(cause === undefined ? {} : { originalError: cause }),
      }),
  );
const results: fc.Arbitrary<ExecutionResult> = fc.record(
  {
    data: fc.constantFrom(null, { a: 'ä \u2028 "' }, { a: null }),
    errors: fc.array(error, { maxLength: 3 }),
    extensions: fc.record({ http, cost: fc.nat(9) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

test.each(['application/json', 'application/graphql-response+json'] as const)(
  'any result is rendered as Yoga renders it in %s: status, headers and body',
  async (type) => {
    await fc.assert(
      fc.asyncProperty(results, async (result) => {
        expect(renderResult(result, type)).toEqual(await yogasAnswer(result, type));
      }),
      { numRuns: rounds(300, 5_000) },
    );
  },
);

test('what is for HTTP alone is told to no caller', () => {
  const told = { http: { status: 418, headers: { 'x-one': '1' } } };
  const result = { errors: [new GraphQLError('no', { extensions: told })], extensions: told };
  expect(renderResult(result, 'application/json')).toEqual({
    status: 418,
    headers: { 'content-type': 'application/json; charset=utf-8', 'x-one': '1' },
    body: '{"errors":[{"message":"no"}]}',
  });
});
