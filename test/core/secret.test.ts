import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { digestOf, sameSecret, Secret } from '../../src/core/secret.ts';

const secret = new Secret('the-real-value');

test.each([
  ['text', String(secret)],
  ['JSON', JSON.stringify({ secret })],
  ['inspection', inspect({ secret }, { depth: 5, showHidden: true })],
  ['concatenation', ['', secret].join('')],
])('a secret in %s shows nothing of itself', (_where, text) => {
  expect(text).toContain('[secret]');
  expect(text).not.toContain('real');
});

test('a secret tells its value to whoever asks for it', () => {
  expect(secret.reveal()).toBe('the-real-value');
});

test('secrets are equal only when they are the same text, of whatever length', () => {
  expect(sameSecret('abc', 'abc')).toBe(true);
  expect(sameSecret('abc', 'abd')).toBe(false);
  expect(sameSecret('abc', 'abcd')).toBe(false);
  expect(sameSecret('', 'a')).toBe(false);
});

test('a digest is 256 bits of SHA-256', () => {
  expect(digestOf('abc').toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
