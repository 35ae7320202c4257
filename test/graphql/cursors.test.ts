import { describe, expect, test } from '@jest/globals';
import { Secret } from '../../src/core/secret.ts';
import { createCursors } from '../../src/graphql/cursors.ts';

const [first, second] = ['first secret, of 32 characters or more', 'second secret, of 32 characters or more'];
const secretsOf = (...texts: readonly string[]) => texts.map((text) => new Secret(text));
const cursors = createCursors(secretsOf(first));

describe('a cursor', () => {
  test('opens to the key that it was made of, whatever stands in it', () => {
    for (const key of ['ann', '', '0', 'ünïcode 🗝', '\0', 'x'.repeat(64), 'y'.repeat(31), 'z'.repeat(32)]) {
      expect(cursors.open(cursors.seal(key))).toBe(key);
    }
  });

  test('tells nothing of its key: not its text, not its length, not whether two are alike', () => {
    const cursor = cursors.seal('ann');
    expect(Buffer.from(cursor, 'base64url').includes('ann')).toBe(false);
    expect(cursors.seal('christopher')).toHaveLength(cursor.length);
    expect(cursors.seal('ann')).not.toBe(cursor);
  });

  test('of nobody’s making, or touched, or of another secret, is none', () => {
    const cursor = cursors.seal('ann');
    const touched = Buffer.from(cursor, 'base64url');
    touched[14]! ^= 1;
    const foreign = createCursors(secretsOf(second)).seal('ann');
    const plain = Buffer.from('ann').toString('base64url');
    const others = ['', 'no cursor!', plain, foreign, touched.toString('base64url'), cursor.slice(0, -4)];
    for (const other of [...others, 'A'.repeat(100_000)]) expect(cursors.open(other)).toBeNull();
  });

  test('made before a new secret was put in front goes on being good', () => {
    const rotated = createCursors(secretsOf(second, first));
    expect(rotated.open(cursors.seal('ann'))).toBe('ann');
    expect(cursors.open(rotated.seal('ann'))).toBeNull();
  });
});
