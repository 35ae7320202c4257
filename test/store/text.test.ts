import { describe, expect, test } from '@jest/globals';
import { isStorable, renderDetails, renderStorable } from '../../src/store/text.ts';

describe('text for PostgreSQL', () => {
  test('U+0000 and halves of surrogate pairs can not be stored; everything else can', () => {
    for (const text of ['a\0', '\ud83e', '\udd8a', '\udd8a\ud83e']) expect(isStorable(text)).toBe(false);
    for (const text of ['', '🦊', '\u0001\u001b[31m', '\uffff', "'; --", '\\u0000']) {
      expect(isStorable(text)).toBe(true);
    }
  });

  test('what can not be stored is replaced, also where a cut makes it', () => {
    expect(renderStorable('a\0b\ud83ec', 9)).toBe('a\ufffdb\ufffdc');
    expect(renderStorable('ab🦊', 3)).toBe('ab\ufffd');
    expect(renderStorable('ab🦊', 4)).toBe('ab🦊');
  });
});

describe('details for PostgreSQL', () => {
  test('are the JSON they were, where nothing is wrong with it', () => {
    const details = {
      path: 'C:\\u0000\\ud800',
      quote: '"\\"',
      fox: '🦊',
      line: '\n\u001b',
      n: [1, null, true],
    };
    expect(JSON.parse(renderDetails(details))).toEqual(details);
  });

  test('have U+FFFD for what can not be stored, in keys too, behind any number of backslashes', () => {
    const details = { 'k\0': ['\\\0', '\\\\\ud800x', { deep: '\udfff' }] };
    expect(JSON.parse(renderDetails(details))).toEqual({
      'k\ufffd': ['\\\ufffd', '\\\\\ufffdx', { deep: '\ufffd' }],
    });
  });

  test('say so where they are left out: a circle, a pit, a bigint, too much', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const deep = JSON.parse('['.repeat(21) + ']'.repeat(21)) as Record<string, unknown>;
    for (const details of [circle, deep, { n: 1n }, { text: 'x'.repeat(20_000) }]) {
      expect(JSON.parse(renderDetails(details))).toEqual({ omitted: expect.stringContaining('details') });
    }
  });
});
