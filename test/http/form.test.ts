import { expect, test } from '@jest/globals';
import { PortcullisError } from '../../src/core/errors.ts';
import { parseForm } from '../../src/http/form.ts';

test('a form is strings by name, without a prototype', () => {
  const form = parseForm('username=ann&password=a+b%20c%26&__proto__=x&constructor=y');
  expect(Object.getPrototypeOf(form)).toBeNull();
  expect(Object.entries(form)).toEqual([
    ['username', 'ann'],
    ['password', 'a b c&'],
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
  expect(parseForm('')).toEqual(Object.create(null));
});

test('a name that comes twice is refused', () => {
  expect(() => parseForm('password=a&password=b')).toThrow(PortcullisError);
});
