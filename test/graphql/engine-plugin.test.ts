import { describe, expect, test } from '@jest/globals';
import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { checkEnginePlugins } from '../../src/graphql/engine-plugin.ts';

const around = [
  'onRequest',
  'onResponse',
  'onRequestParse',
  'onParams',
  'onExecutionResult',
  'onResultProcess',
  'instrumentation',
  // It could add plugins that nobody has looked at.
  'onPluginInit',
  'onYogaInit',
] as const;
const within = ['onParse', 'onValidate', 'onContextBuilding', 'onExecute', 'onSubscribe'] as const;

describe('a plugin of the engine', () => {
  test.each(around)('is refused where it hooks %s', (hook) => {
    expect(() => checkEnginePlugins([{}, { onParse: () => undefined, [hook]: () => undefined }])).toThrow(
      `hooks ${hook},`,
    );
  });

  test('is refused where its class hooks the request', () => {
    class Control {
      onParse(): void {
        return;
      }
    }
    class Hidden extends Control {
      onRequest(): void {
        return;
      }
    }
    expect(checkEnginePlugins([new Control()])).toHaveLength(1);
    expect(() => checkEnginePlugins([new Hidden()])).toThrow('hooks onRequest,');
  });

  test('may hook what every operation goes through', () => {
    const plugin = Object.fromEntries(within.map((hook) => [hook, () => undefined]));
    expect(checkEnginePlugins([plugin])).toEqual([plugin]);
  });
});

test('the short way calls what a plugin may hook, and nothing that answers a request', async () => {
  const called = new Set<string>();
  const spy: Plugin = Object.fromEntries(
    [...around, ...within]
      .filter((hook) => hook !== 'instrumentation')
      .map((hook) => [hook, () => void called.add(hook)]),
  );
  const instrumented = new Set<string>();
  const instrumentation: Plugin = {
    instrumentation: {
      operation: (_payload, wrapped) => {
        instrumented.add('operation');
        return wrapped();
      },
    },
  };
  const yoga = createYoga({
    schema: createSchema({ typeDefs: 'type Query { a: String } type Subscription { b: String }' }),
    plugins: [spy, instrumentation],
    logging: false,
  });
  called.clear();
  const request = new Request('http://localhost/graphql', { method: 'POST' });
  for (const query of ['{ a }', 'subscription { b }'])
    await yoga.getResultForParams({ params: { query }, request }, {});
  expect([...called].sort()).toEqual(['onExecutionResult', 'onParams', ...within].sort());
  expect([...instrumented]).toEqual([]);
});
