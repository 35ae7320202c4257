import { describe, expect, test } from '@jest/globals';
import { boundedMatch } from '../../../../src/policy/planner/patterns/bounded-match.ts';
import { buildPatternIndex } from '../../../../src/policy/planner/patterns/build-pattern-index.ts';
import { compilePattern } from '../../../../src/policy/planner/patterns/compile-pattern.ts';
import type { PatternLanguage } from '../../../../src/policy/planner/patterns/pattern-language.ts';
import { PatternRefused } from '../../../../src/policy/planner/patterns/pattern-refused.ts';
import { PatternTimedOut } from '../../../../src/policy/planner/patterns/pattern-timed-out.ts';
import { runWithin } from '../../../../src/policy/planner/patterns/run-within.ts';
import { stock } from './stock.ts';

type Case = readonly [PatternLanguage, string];

/** The limit is 5 ms; a machine that does three other things at once gets more time to prove it. */
const SOON = 60;

/** The fastest of five, in milliseconds. */
function timeOf(work: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    try {
      work();
    } catch (error) {
      expect(error).toBeInstanceOf(PatternTimedOut);
    }
    return performance.now() - begun;
  });
  return Math.min(...times);
}

describe('a pattern that Casbin never finishes with', () => {
  const endless: readonly Case[] = [
    ['keyMatch2', '/foo/:'],
    ['keyMatch2', '/:id/:/x'],
    ['keyMatch3', '/foo/{id'],
    ['keyMatch4', '/foo/{}'],
    ['keyMatch5', '/foo/{a/b}'],
  ];
  test.each(endless)('hangs there and is refused here: %s %s', (language, pattern) => {
    expect(() => runWithin(20, () => stock[language]('/foo/x', pattern))).toThrow('Not done');
    expect(() => compilePattern(language, pattern)).toThrow(PatternRefused);
    expect(() => compilePattern(language, pattern)).toThrow(/never finish with it\. Write a name/);
    expect(() => boundedMatch(language)('/foo/x', pattern)).toThrow(PatternRefused);
    expect(() => buildPatternIndex(language, ['/a', pattern])).toThrow(JSON.stringify(pattern));
  });
});

describe('a pattern is refused', () => {
  const refused: readonly (readonly [PatternLanguage, string, RegExp])[] = [
    ['regexMatch', '(', /Casbin would throw: Invalid regular expression/],
    ['regexMatch', `${'('.repeat(50_000)}${')'.repeat(50_000)}`, /too long\. Write at most 4096/],
    ['keyMatch2', '/**', /Nothing to repeat/],
    ['keyMatch3', '*', /Nothing to repeat/],
    ['keyMatch4', '/a/{x}(b)', /1 names in braces and 2 values/],
    ['keyMatch3', `/${'{'.repeat(4_000)}`, /too long to compile|never finish/],
    ['globMatch', `${'{a,b}'.repeat(800)}/c`, /too long to compile/],
    ['globMatch', 'a'.repeat(70_000), /too long/],
  ];
  test.each(refused)('with what to do: %s %.20s', (language, pattern, message) => {
    expect(() => compilePattern(language, pattern)).toThrow(message);
    expect(() => compilePattern(language, pattern)).toThrow(PatternRefused);
  });
});

describe('no accepted pattern takes long over a long text', () => {
  const slow: readonly (readonly [PatternLanguage, string, string])[] = [
    ['regexMatch', '^(a+)+$', `${'a'.repeat(99_999)}b`],
    ['regexMatch', '^(a|a)*$', `${'a'.repeat(40)}b`],
    ['regexMatch', 'a*a*a*a*b', 'a'.repeat(100_000)],
    ['regexMatch', '^(?=(a*)*b)', 'a'.repeat(40)],
    ['keyMatch2', '/(a+)+/:id', `/${'a'.repeat(99_990)}`],
    ['keyMatch2', '/*x/*x/*x/*y', '/x'.repeat(50_000)],
    ['keyMatch2', '/*/x/*/x/*/x/*/y', '/x'.repeat(50_000)],
    ['keyMatch2', `/*${'/:a'.repeat(200)}/b`, '/a'.repeat(50_000)],
    ['keyMatch3', `/*${'/a'.repeat(200)}/b`, '/a'.repeat(50_000)],
    ['keyMatch3', '/*/*/*/*', '/'.repeat(100_000)],
    ['keyMatch4', '/{a}/*/{a}/*/{a}', '/ab/c'.repeat(20_000)],
    ['keyMatch5', '/{a}.*.*.*/{b}', 'a.'.repeat(50_000)],
    ['globMatch', '**/a/**/a/**/a/**/b', 'a/'.repeat(50_000)],
    ['globMatch', 'a*a*a*a*a*b', 'a'.repeat(100_000)],
    ['globMatch', '+(+(a)|+(a))b', 'a'.repeat(50)],
    ['keyMatch', `${'a/'.repeat(49_999)}*`, 'a/'.repeat(50_000)],
  ];
  test.each(slow)('%s %.30s', (language, pattern, text) => {
    const match = compilePattern(language, pattern);
    expect(timeOf(() => match(text))).toBeLessThan(SOON);
    const index = buildPatternIndex(language, [pattern, '/a', '/b']);
    expect(timeOf(() => index.find(text))).toBeLessThan(SOON);
  });

  test('and what gives up says so, instead of saying no', () => {
    const match = boundedMatch('regexMatch');
    expect(() => match(`${'a'.repeat(60)}b`, '^(a+)+$')).toThrow(PatternTimedOut);
    expect(() => match(`${'a'.repeat(60)}b`, '^(a+)+$')).toThrow('over a text of 61 characters');
    expect(match('aaa', '^(a+)+$')).toBe(true);
  });
});

describe('patterns and texts of 100,000 characters', () => {
  const deep = '/a'.repeat(50_000);
  test('are right where the pattern is plain, however many segments it has', () => {
    for (const language of ['keyMatch', 'keyMatch2', 'keyMatch3', 'keyMatch4', 'keyMatch5'] as const) {
      expect(compilePattern(language, deep)(deep)).toBe(true);
      expect(compilePattern(language, `${deep}/*`)(deep)).toBe(false);
      expect(compilePattern(language, `${deep}/*`)(`${deep}/b`)).toBe(true);
      expect(buildPatternIndex(language, [deep, `${deep}/*`]).find(`${deep}/`)).toEqual([1]);
      expect(compilePattern(language, '/'.repeat(100_000))('/'.repeat(100_000))).toBe(true);
    }
    expect(compilePattern('keyMatch2', '/:x'.repeat(33_000))('/y'.repeat(33_000))).toBe(true);
    expect(compilePattern('keyMatch2', '/*/b')(`${deep}/b`)).toBe(true);
  });

  test('make an index of prefixes no slower for each other', () => {
    const many = Array.from({ length: 2_000 }, (_, length) => `${'a'.repeat(length)}*`);
    expect(buildPatternIndex('keyMatch', many).find('a'.repeat(100_000))).toHaveLength(2_000);
  });
});

test('the cache of a matcher keeps only so many patterns, and goes on answering', () => {
  const match = boundedMatch('keyMatch2');
  for (let number = 0; number < 3_000; number++) expect(match(`/a${number}/1`, `/a${number}/:id`)).toBe(true);
  expect(match('/a0/1', '/a0/:id')).toBe(true);
});

test('names that every object has are names like any other', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  for (const language of [
    'keyMatch',
    'keyMatch2',
    'keyMatch3',
    'keyMatch4',
    'keyMatch5',
    'globMatch',
  ] as const) {
    const index = buildPatternIndex(language, [...names, '/a/constructor/*']);
    expect(names.map((name) => index.find(name))).toEqual([[0], [1], [2], [3]]);
    expect(index.find('/a/constructor/__proto__')).toEqual([4]);
    expect(index.find('valueOf')).toEqual([]);
  }
});
