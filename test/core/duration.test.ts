import { expect, test } from '@jest/globals';
import { parseDuration } from '../../src/core/duration.ts';

test.each([
  ['30s', 30_000],
  ['5m', 300_000],
  ['12h', 43_200_000],
  ['7d', 604_800_000],
])('%s lasts %d ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(['', '5', 'm', '0m', '-5m', '5 m', '1.5h', '5M', '5m ', '1h30m', '9999999s'])(
  '%j is no length of time',
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);
