import { expect, test } from '@jest/globals';
import { parse, type ExecutionResult } from 'graphql';
import { systemClock } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import { buildGuardedSchema } from '../../../src/graphql/build-schema.ts';
import { executeGuarded } from '../../../src/graphql/guard/execute-guarded.ts';
import { defineModule } from '../../../src/graphql/module.ts';
import { allowAll, stateFor, testLimits } from '../asking.ts';

const schema = buildGuardedSchema<unknown>([
  defineModule<unknown>({
    name: 'shelf',
    typeDefs: /* GraphQL */ `
      type Query {
        items(first: Int = 100): [Item]
      }
      type Item {
        name: String
      }
    `,
    resolvers: { Query: { items: () => [{ name: 'a' }] } },
  }),
]);

/** The codes that one document is answered with, as a server asks: parsed once, with other variables each time. */
async function codesOf(source: string, ...asked: readonly Record<string, unknown>[]) {
  const document = parse(source);
  const codes = [];
  for (const variables of asked) {
    const { errors } = (await executeGuarded<unknown>({
      schema,
      document,
      variables,
      state: stateFor(allowAll),
      services: {},
      limits: { ...testLimits, maxCost: 50 },
      clock: systemClock,
      log: silentLog,
    })) as ExecutionResult;
    codes.push(errors?.[0]?.extensions['code'] ?? 'answered');
  }
  return codes;
}

test('the cost of a document is of the variables that it came with, whatever it came with before', async () => {
  const page = 'query ($n: Int) { items(first: $n) { name } }';
  expect(await codesOf(page, { n: 5 }, { n: 80 }, { n: 5 }, { n: null }, {}, { n: null })).toEqual([
    'answered',
    'BAD_USER_INPUT',
    'answered',
    // Without a number it is taken for a list of ten; left out, the field's own default counts.
    'answered',
    'BAD_USER_INPUT',
    'answered',
  ]);
  const optional =
    'query ($with: Boolean!) { a: items(first: 5) { name } items @include(if: $with) { name } }';
  expect(await codesOf(optional, { with: false }, { with: true }, { with: false })).toEqual([
    'answered',
    'BAD_USER_INPUT',
    'answered',
  ]);
});
