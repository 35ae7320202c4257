import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseNextPath } from '../../src/http/next-path.ts';

const publicUrl = new URL('https://login.example.com');

const hostile = [
  '//evil.example',
  '///evil.example',
  '////evil.example/a',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  '/%2e%2e//evil.example',
  '//evil.example@login.example.com',
  '//login.example.com@evil.example',
  '//login.example.com:443@evil.example',
  '//login.example.com.evil.example',
  'https://evil.example',
  'https:evil.example',
  'https:/evil.example',
  'http://login.example.com/',
  'https://login.example.com/a',
  'HTTPS://evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  '/javascript:alert(1)\u0000',
  'data:text/html,x',
  'vbscript:x',
  'evil.example',
  '@evil.example',
  '.evil.example',
  ':80',
  '?next=//evil.example',
  '#//evil.example',
  '',
  '/\u2028/evil.example',
  '/ｅvil',
  '/。evil.example',
  '//[::1]',
  '//[bad',
  '/a\u0000b',
  `/${'a'.repeat(2_000)}`,
  ['/a', '//evil.example'],
  { toString: () => '/a' },
  null,
  undefined,
  7,
];

const friendly = [
  ['/', '/'],
  ['/graphiql', '/graphiql'],
  ['/a/b?c=d&e=f', '/a/b?c=d&e=f'],
  ['/a?next=https://evil.example', '/a?next=https://evil.example'],
  ['/a#part', '/a#part'],
  ['/a/../b', '/b'],
  ['/%2F%2Fevil.example', '/%2F%2Fevil.example'],
  ['/caf%C3%A9', '/caf%C3%A9'],
  ['/a\'b"c', "/a'b%22c"],
] as const;

describe('the path after a login', () => {
  test.each(hostile.map((input) => [input]))('C58: %j leads home', (input) => {
    expect(parseNextPath(input, publicUrl)).toBe('/');
  });

  test.each(friendly)('C58: %s leads to %s', (input, path) => {
    expect(parseNextPath(input, publicUrl)).toBe(path);
  });

  test('C58: whatever is accepted is a path of the same origin, as any browser reads it', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '/',
        '//',
        '\\',
        '.',
        '..',
        '@',
        ':',
        '?',
        '#',
        '%2f',
        '%5c',
        '\t',
        'evil.example',
        'https:',
      ),
      fc.string({ maxLength: 4 }),
    );
    const input = fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join('')}`);
    fc.assert(
      fc.property(input, (typed) => {
        const path = parseNextPath(typed, publicUrl);
        expect(new URL(path, publicUrl).origin).toBe(publicUrl.origin);
        expect(path).toMatch(/^\/(?![/\\])[\x21-\x7e]*$|^\/$/);
        // Reading it again changes nothing: there is no second meaning.
        expect(parseNextPath(path, publicUrl)).toBe(path);
      }),
      { numRuns: 5_000 },
    );
  });
});
