import { describe, expect, test } from '@jest/globals';
import { checkNestings } from '../../src/accounts/nesting.ts';
import type { MembershipRow } from '../../src/policy/rule.ts';
import type { NestingRow } from '../../src/store/contract/groups.ts';

const fileRow = (member: string, group: string): MembershipRow => ({
  member,
  group,
  provenance: { kind: 'file', file: 'groups.csv', line: 1 },
});
const grantRow = (member: string, group: string): MembershipRow => ({
  member,
  group,
  provenance: { kind: 'grant', id: '1', by: 'operator', at: 0 },
});
const nesting = (member: string, group: string): NestingRow => ({
  id: '1',
  member,
  group,
  by: 'operator',
  at: 0,
});
const chain = (groups: number): NestingRow[] =>
  Array.from({ length: groups - 1 }, (_, at) => nesting(`g${at}`, `g${at + 1}`));

const checks = (rows: MembershipRow[], nestings: NestingRow[]) => () => checkNestings(rows, nestings);

describe('groups in groups', () => {
  test('may make a chain of ten', () => {
    expect(checks([], chain(10))).not.toThrow();
  });

  test('may meet again above', () => {
    const diamond = [nesting('a', 'b'), nesting('a', 'c'), nesting('b', 'd'), nesting('c', 'd')];
    expect(checks([], diamond)).not.toThrow();
  });

  test('deeper than ten are refused, whether files or administrators made them', () => {
    expect(checks([], chain(11))).toThrow(/10 deep/);
    expect(checks([fileRow('group:below', 'group:g0')], chain(10))).toThrow(/10 deep/);
    expect(checks([fileRow('user:ann', 'group:g0')], chain(10))).not.toThrow();
    expect(checks([fileRow('authenticated', 'group:g0')], chain(10))).toThrow(/10 deep/);
  });

  test('in a circle are refused, and so is a group in itself', () => {
    expect(checks([], [nesting('a', 'b'), nesting('b', 'a')])).toThrow(/group:a would be a member of itself/);
    expect(checks([fileRow('group:a', 'group:b')], [nesting('b', 'a')])).toThrow(/member of itself/);
    expect(checks([], [nesting('a', 'a')])).toThrow(/member of itself/);
    expect(checks([], [nesting('x', 'a'), nesting('a', 'b'), nesting('b', 'a')])).toThrow(/member of itself/);
  });

  test('that were taken out again do not count, though the snapshot still has them', () => {
    expect(checks([grantRow('group:a', 'group:b')], [nesting('b', 'a')])).not.toThrow();
  });
});
