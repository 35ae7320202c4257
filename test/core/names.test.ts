import { describe, expect, test } from '@jest/globals';
import { isCoordinate, isGroupName, isPermissionName, parseUsername } from '../../src/core/names.ts';

describe('a username', () => {
  test.each([
    ['ann', 'ann'],
    ['Ann', 'ann'],
    ['ANN@Example.com', 'ann@example.com'],
    ['\uFF21nn', 'ann'],
    ['zo\u0065\u0308', 'zo\u00eb'],
    ['\u674e\u96f7', '\u674e\u96f7'],
    ['a'.repeat(64), 'a'.repeat(64)],
  ])('%j is known as %j', (typed, canonical) => {
    expect(parseUsername(typed)).toBe(canonical);
  });

  test.each([
    '',
    ' ann',
    'ann ',
    'a b',
    '-ann',
    '.ann',
    'ann\n',
    'ann\0',
    'a,b',
    'a"b',
    'group:x',
    'a\u200bb',
    'a'.repeat(65),
    '\u0301a',
    // They look like `ann`, whom somebody may trust.
    'ann\u034f',
    'ann\ufe0f',
    'ann\u3164',
    'a\u17b4nn',
  ])('%j is nobody', (typed) => {
    expect(parseUsername(typed)).toBeNull();
  });

  test('has one canonical form, whatever is done to it twice', () => {
    for (const typed of ['\u0130stanbul', '\u212Aelvin', 'stra\u00dfe', '\u01c5ep']) {
      const once = parseUsername(typed);
      expect(once === null ? null : parseUsername(once)).toBe(once);
    }
  });
});

test.each(['support', 'team-2', 'a.b_c'])('%j names a group', (name) => {
  expect(isGroupName(name)).toBe(true);
});

test.each(['', 'Support', 'a b', '-a', 'a-', 'gr\u00fcn', 'a,b', 'a'.repeat(65)])(
  '%j names no group',
  (name) => {
    expect(isGroupName(name)).toBe(false);
  },
);

test.each(['accounts.view_user', 'notes.write'])('%j names a permission', (name) => {
  expect(isPermissionName(name)).toBe(true);
});

test.each(['accounts', 'Accounts.view', 'accounts.view.user', 'accounts.viewUser', 'a._b', '*'])(
  '%j names no permission',
  (name) => {
    expect(isPermissionName(name)).toBe(false);
  },
);

test.each([
  ['Query.users', true],
  ['Query.__schema', true],
  ['Query', false],
  ['Query.*', false],
  ['A.b.c', false],
])('%j is a coordinate: %j', (name, answer) => {
  expect(isCoordinate(name)).toBe(answer);
});
