import { expect, test } from '@jest/globals';
import type { DocumentNode } from 'graphql';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { createEngine } from '../../src/graphql/engine.ts';
import { createOpenStreams } from '../../src/graphql/open-streams.ts';
import { graphqlSettings } from '../../src/graphql/settings.ts';
import { allowAll, stateFor } from './asking.ts';
import { Library, library } from './library.ts';
import { endless } from './endless.ts';

const schema = library();
const engine = createEngine(
  {
    schema,
    services: new Library(),
    settings: graphqlSettings.parse({}),
    production: true,
    clock: systemClock,
    log: silentLog,
  },
  createOpenStreams(endless),
);
const request = new Request('http://localhost/graphql', { method: 'POST' });
/** As for an operation of one request. */
const enveloped = () => engine.getEnveloped({ state: stateFor(allowAll), request, params: {} });
const parse = (text: string) => enveloped().parse(text) as DocumentNode;
const validate = (document: DocumentNode) => enveloped().validate(schema, document) as readonly Error[];

test('a document is parsed and validated once, whoever sends it', () => {
  const document = parse('{ plain }');
  expect(parse('{ plain }')).toBe(document);
  expect(validate(parse('{ plain }'))).toBe(validate(document));
  const invalid = parse('{ nothing }');
  expect(validate(parse('{ nothing }'))).toBe(validate(invalid));
  expect(validate(invalid)).toHaveLength(1);
});

test('documents that nobody sends twice drive out none that somebody does', () => {
  const usual = parse('{ plain echo }');
  parse('{ plain echo }');
  for (let index = 0; index < 2_000; index += 1) parse(`{ a${index}: plain }`);
  expect(parse('{ plain echo }')).toBe(usual);
});

test('a document that is longer than a cache may hold is parsed each time', () => {
  const text = `{ plain } # ${'x'.repeat(10_000)}`;
  expect(parse(text)).not.toBe(parse(text));
});

test('a document that is none is refused each time, and keeps nothing', () => {
  for (let time = 0; time < 2; time += 1) expect(() => parse('{ plain')).toThrow('Syntax Error');
});
