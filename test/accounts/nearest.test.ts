import { expect, test } from '@jest/globals';
import { nearest } from '../../src/accounts/nearest.ts';

const known = ['accounts.view_user', 'accounts.view_group', 'accounts.view_grant', 'policy.view'];

test.each([
  ['accounts.view_users', ['accounts.view_user']],
  ['acounts.view_group', ['accounts.view_group']],
  ['accounts.view_groups', ['accounts.view_group']],
  ['policy.vew', ['policy.view']],
  ['accounts.view_g', ['accounts.view_grant', 'accounts.view_group', 'accounts.view_user']],
  ['something.else', []],
  ['', []],
  ['x'.repeat(10_000), []],
])('of what was typed, %s, the names that were meant are %j', (typed, meant) => {
  expect(nearest(typed, known)).toEqual(meant);
});
