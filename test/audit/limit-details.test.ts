import { expect, test } from '@jest/globals';
import { limitDetails, limitText } from '../../src/audit/limit-details.ts';
import { Secret } from '../../src/core/secret.ts';

const size = (details: object): number => JSON.stringify(details).length;

test('what fits is kept as it is', () => {
  const details = {
    coordinate: 'Query.users',
    codes: ['FORBIDDEN'],
    count: 3,
    fresh: false,
    none: null,
    in: { a: 1 },
  };
  expect(limitDetails(details)).toEqual(details);
});

test('a text is cut at 1,000 characters, and says so', () => {
  const { reason } = limitDetails({ reason: 'x'.repeat(5_000) });
  expect(reason).toBe(`${'x'.repeat(999)}…`);
  expect(limitText('🙂🙂', 3)).toBe('🙂…');
  expect(limitText('abc', 3)).toBe('abc');
  expect(limitText('\n\n', 3)).toBe('\\n…');
});

const circle: Record<string, unknown> = {};
circle['self'] = circle;
const deep: Record<string, unknown> = {};
for (let inner = deep, level = 0; level < 100_000; level += 1)
  inner = inner['in'] = {} as Record<string, unknown>;
const wide = Object.fromEntries(
  Array.from({ length: 20_000 }, (_, index) => [`name${index}`, 'x'.repeat(50)]),
);

test.each<[string, Record<string, unknown>]>([
  ['ten thousand rules', { rules: Array.from({ length: 10_000 }, (_, line) => `groups.csv:${line}`) }],
  ['twenty thousand members', wide],
  ['a thousand long texts', { texts: Array.from({ length: 1_000 }, () => 'x'.repeat(10_000)) }],
  [
    'lists of lists',
    { lists: Array.from({ length: 90 }, () => Array.from({ length: 90 }, () => 'y'.repeat(90))) },
  ],
  ['a long name', { ['n'.repeat(100_000)]: 'v' }],
  ['what needs escapes', { text: Array.from({ length: 50 }, () => '"\\'.repeat(400)) }],
  ['what needs long escapes', { text: Array.from({ length: 50 }, () => '\u001b'.repeat(400)) }],
  ['a circle', { circle }],
  ['a hundred thousand levels', deep],
])('details stay below 10,000 characters with %s', (_, details) => {
  const limited = limitDetails(details);
  expect(size(limited)).toBeLessThan(10_000);
  expect(size(limited)).toBeGreaterThan(2);
});

test('what is left out is told of', () => {
  expect(limitDetails(wide)['omitted']).toMatch(/^\d+ more$/);
  const { rules } = limitDetails({ rules: Array.from({ length: 300 }, () => 'a.csv:1') }) as {
    rules: string[];
  };
  expect(rules).toHaveLength(101);
  expect(rules.at(-1)).toBe('200 more');
});

test('C35: what proves somebody is not kept, whoever put it there', () => {
  const limited = limitDetails({
    password: 'hunter2hunter2',
    idToken: 'hunter2hunter2',
    given: { clientSecret: 'hunter2hunter2', cookie: 'hunter2hunter2' },
    key: new Secret('hunter2hunter2'),
  });
  expect(JSON.stringify(limited)).not.toContain('hunter2');
  expect(limited).toEqual({
    password: '[secret]',
    idToken: '[secret]',
    given: { clientSecret: '[secret]', cookie: '[secret]' },
    key: '[secret]',
  });
});

test('C70: names and texts are made visible at every level', () => {
  expect(limitDetails({ 'a\nb': ['\u001b[2J', { c: '\u202e' }] })).toEqual({
    'a\\nb': ['\\u001b[2J', { c: '\\u202e' }],
  });
});

test('what is no JSON is said in words, and what throws takes nothing along', () => {
  const limited = limitDetails({
    big: 10n,
    when: new Date(0),
    set: new Set(['a']),
    error: new Error('no'),
    call: () => 1,
    gone: undefined,
  });
  expect(limited).toEqual({
    big: '10',
    when: '1970-01-01T00:00:00.000Z',
    set: ['a'],
    error: 'no',
    call: 'a function',
  });
  const hostile = {
    get text(): string {
      throw new Error('no');
    },
  };
  expect(limitDetails(hostile)).toEqual({ omitted: 'These details could not be read.' });
});
