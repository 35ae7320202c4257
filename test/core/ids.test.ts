import { expect, test } from '@jest/globals';
import { newId, newToken } from '../../src/core/ids.ts';

const at = (now: number) => ({ now: () => now, monotonic: () => 0 });

test('an id is a UUID of version 7 and carries its time (RFC 9562, appendix A.6)', () => {
  const id = newId(at(0x017f22e279b0));
  expect(id).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('ids of later moments sort later', () => {
  expect(newId(at(1)) < newId(at(2))).toBe(true);
});

test('C23: a token is 256 random bits, no two alike', () => {
  const tokens = Array.from({ length: 1_000 }, newToken);
  expect(new Set(tokens).size).toBe(1_000);
  expect(tokens.every((token) => Buffer.from(token, 'base64url').length === 32)).toBe(true);
});
