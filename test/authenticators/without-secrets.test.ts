import { describe, expect, test } from '@jest/globals';
import { renderForeign, withoutSecrets } from '../../src/authenticators/without-secrets.ts';

describe('text of foreign code', () => {
  test.each([
    ['as it is', 'code abc+def/== was wrong', ['abc+def/=='], 'code [secret] was wrong'],
    ['as a URL spells it', 'GET ?code=abc%2Bdef%2F%3D%3D', ['abc+def/=='], 'GET ?code=[secret]'],
    ['as a form spells it', 'password=a+b%21', ['a b!'], 'password=[secret]'],
    ['as JSON spells it', '{"code":"a\\"b\\\\c"}', ['a"b\\c'], '{"code":"[secret]"}'],
    ['with signs of a pattern in it', 'x.*+?^${}()|[]\\x', ['.*+?^${}()|[]\\'], 'x[secret]x'],
    ['inside a longer one', 'abcdef abc', ['abcd', 'abcdef'], '[secret] abc'],
    ['that is the placeholder’s own word', 'secret abcd', ['secret', 'abcd'], '[secret] [secret]'],
    [
      'that is short, as a word of its own',
      'a cat sat at 1',
      ['at', '1', 'a'],
      '[secret] cat sat [secret] [secret]',
    ],
    ['that is empty', 'nothing to hide', [''], 'nothing to hide'],
    [
      'that nobody named, but looks like a token',
      'id eyJhbGciOiJSUzI1NiJ9.e30.c2ln-_ end',
      [],
      'id [secret] end',
    ],
    ['that looks like an encrypted token', 'eyJlbmMiOiJ4In0..aXY.Y3Q.dGFn', [], '[secret]'],
    ['with half a character', 'x \ud800\ud800 y', ['\ud800\ud800'], 'x [secret] y'],
  ] as const)('loses a secret %s', (_title, text, secrets, expected) => {
    expect(withoutSecrets(text, secrets)).toBe(expected);
  });

  test('is searched in a moment, whatever a stranger made of a query of 16 kB', () => {
    const many = Array.from({ length: 2_600 }, (_, at) => at.toString(36).padStart(3, 'q'));
    const startedAt = performance.now();
    withoutSecrets('qqq '.repeat(4_000), many);
    withoutSecrets('-eyJ'.repeat(4_000), many);
    withoutSecrets('a'.repeat(16_000), ['a'.repeat(100), 'aa'.repeat(60), 'aaaa']);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  test('is shown on one line of at most 300 characters, with nothing in it that acts', () => {
    const shown = renderForeign(`a\r\nb\u001b[31m\u202e${'x'.repeat(1_000)}`);
    expect(shown).toMatch(/^a\\r\\nb\\u001b\[31m\\u202ex+$/);
    expect(shown).toHaveLength(300);
  });
});
