import { expect, test } from '@jest/globals';
import { parseAttributes } from '../../src/cli/parse-attributes.ts';

const declared = { department: 'string', level: 'number', onCall: 'boolean', sites: 'strings' } as const;

test('an attribute is read by its declared kind', () => {
  const assignments = ['department=sales=emea', 'level=3', 'onCall=true', 'sites=paris,rome', 'unknown=x'];
  expect(parseAttributes(assignments, declared)).toEqual({
    department: 'sales=emea',
    level: 3,
    onCall: true,
    sites: ['paris', 'rome'],
    unknown: 'x',
  });
});

test('nothing after the = removes it', () => {
  expect(parseAttributes(['level='], declared)).toEqual({ level: null });
});

test.each([
  ['department', 'name=value'],
  ['=sales', 'name=value'],
  ['level=three', 'a number'],
  ['level= ', 'a number'],
  ['onCall=yes', 'true or false'],
])('%j is refused with what to write', (assignment, wanted) => {
  expect(() => parseAttributes([assignment], declared)).toThrow(wanted);
});
