import { describe, expect, test } from '@jest/globals';
import { renderLoggedError } from '../../src/core/logged-error.ts';

const seeded = 'seeded-secret-7f3a9c';

describe('an error in the log', () => {
  test('C35: tells type, message, code, stack and causes, and never another member', () => {
    class DriverError extends Error {
      override readonly name = 'DriverError';
      readonly code = '23505';
      readonly parameters = [seeded];
      readonly detail = `Key (hash)=(${seeded}) exists.`;
    }
    const error = Object.assign(new TypeError('outer', { cause: new DriverError('inner') }), {
      rawPacket: Buffer.from(seeded),
      client: { password: seeded },
    });
    const told = renderLoggedError(error);
    expect(told).toEqual({
      type: 'TypeError',
      message: 'outer',
      stack: expect.stringContaining('TypeError: outer'),
      cause: {
        type: 'DriverError',
        message: 'inner',
        code: '23505',
        stack: expect.stringContaining('inner'),
      },
    });
    expect(JSON.stringify(told)).not.toContain(seeded);
  });

  test('of a circle of causes ends', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(renderLoggedError(error)).length).toBeLessThan(50_000);
  });

  test.each([[seeded], [{ password: seeded }], [Buffer.from(seeded)], [null], [undefined], [7]])(
    'is not taken from what is thrown and is no error: %#',
    (thrown) => {
      expect(renderLoggedError(thrown)).toEqual({ type: typeof thrown, message: expect.any(String) });
      expect(JSON.stringify(renderLoggedError(thrown))).not.toContain(seeded);
    },
  );
});
