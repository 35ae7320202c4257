import fc from 'fast-check';
import type { UserPrincipal } from '../../../src/core/principal.ts';
import type { AuthorityChange, Granter, Holding } from '../../../src/policy/snapshot.ts';
import { environment, user } from '../fixture.ts';
import type { RandomGranter } from './assignments-oracle.ts';
import { groupNames, permissions } from './random-policies.ts';

const names = ['ann', 'bob', 'eve'] as const;
const someGroups = fc.subarray([...groupNames], { maxLength: 2 });
const inGroups = (groups: readonly string[]): readonly string[] => groups.map((group) => `group:${group}`);

const grants = fc.array(
  fc.record({
    permission: fc.constantFrom(...permissions, 'portcullis.grant_beyond'),
    action: fc.constant('*'),
  }),
  { maxLength: 2 },
);
const pair = fc
  .tuple(fc.nat(groupNames.length - 2), fc.nat(groupNames.length - 1))
  .filter(([low, high]) => low < high)
  .map(([low, high]) => ({ member: `group:${groupNames[low]!}`, group: `group:${groupNames[high]!}` }));

/** Somebody with a name, whose groups, name, grants or the groups above theirs change. */
const ofSomebody: fc.Arbitrary<AuthorityChange> = fc
  .record({
    name: fc.constantFrom(...names),
    later: fc.option(fc.constantFrom(...names), { freq: 4 }),
    groups: fc.tuple(someGroups, someGroups),
    grants: fc.tuple(grants, grants),
    memberships: fc.array(pair, { maxLength: 1 }),
    without: fc.array(pair, { maxLength: 2 }),
  })
  .map(({ name, later, groups, grants: [had, has], memberships, without }) => ({
    before: { subjects: [`user:${name}`, ...inGroups(groups[0])], grants: had },
    after: { subjects: [`user:${later ?? name}`, ...inGroups(groups[1])], grants: has, memberships, without },
  }));

/** What is given by itself, to whoever it is. */
const given: fc.Arbitrary<AuthorityChange> = fc
  .record({ groups: someGroups, grants })
  .map(({ groups, grants: has }) => ({
    before: { subjects: ['authenticated'] },
    after: { subjects: ['authenticated', ...inGroups(groups)], grants: has },
  }));

/** Whoever is in a group, when a group above it is left. */
const left: fc.Arbitrary<AuthorityChange> = fc
  .record({ group: fc.constantFrom(...groupNames), without: fc.array(pair, { minLength: 1, maxLength: 2 }) })
  .map(({ group, without }) => ({
    before: { subjects: [`group:${group}`] } satisfies Holding,
    after: { subjects: [`group:${group}`], without },
  }));

export const changes: fc.Arbitrary<AuthorityChange> = fc.oneof(
  { weight: 3, arbitrary: ofSomebody },
  { weight: 2, arbitrary: given },
  { weight: 1, arbitrary: left },
);

export const granters: fc.Arbitrary<RandomGranter> = fc.record({
  name: fc.constantFrom('ann', 'bob', 'gus'),
  groups: fc.subarray([...groupNames], { maxLength: 3 }),
  department: fc.constantFrom(null, 'sales', 'law'),
});

export const principalOf = ({ name, groups, department }: RandomGranter): UserPrincipal =>
  user(name, {
    groups,
    attributes: department === null ? {} : { department },
    // Long ago, and not strongly: what a new login could prove counts.
    authTime: environment.now - 86_400_000,
  });

export const granterOf = (granter: RandomGranter): Granter => ({
  principal: principalOf(granter),
  environment,
});
