import fc from 'fast-check';
import type { AuthorityChange } from '../../../src/policy/snapshot.ts';
import type { PolicyRows } from '../../../src/policy/rule.ts';
import { noRows } from '../fixture.ts';
import type { Somebody } from './decisions-oracle.ts';
import { grantRow, groupNames, permissions, type RandomPolicy } from './random-policies.ts';

/** A change as it is written down, to be decided before and after. */
export interface DecidedChange {
  readonly before: Somebody;
  readonly after: Somebody;
  readonly had: readonly string[];
  readonly has: readonly string[];
  readonly added: readonly Pair[];
  readonly removed: readonly Pair[];
}

type Pair = readonly [member: string, group: string];

const somebody: fc.Arbitrary<Somebody> = fc.record({
  name: fc.constantFrom('ann', 'bob', 'eve'),
  groups: fc.subarray([...groupNames], { maxLength: 2 }),
});
const some = fc.subarray([...permissions]);
const pairs = fc.array(
  fc
    .tuple(fc.nat(groupNames.length - 2), fc.nat(groupNames.length - 1))
    .filter(([low, high]) => low < high)
    .map(([low, high]): Pair => [`group:${groupNames[low]!}`, `group:${groupNames[high]!}`]),
  { maxLength: 2 },
);

export const decidedChanges: fc.Arbitrary<DecidedChange> = fc
  .record({
    before: somebody,
    after: somebody,
    isRenamed: fc.boolean(),
    had: some,
    has: some,
    added: pairs,
    removed: pairs,
  })
  .map(({ isRenamed, ...change }) =>
    isRenamed ? change : { ...change, after: { ...change.after, name: change.before.name } },
  );

const subjectsOf = ({ name, groups }: Somebody): readonly string[] => [
  `user:${name}`,
  ...groups.map((group) => `group:${group}`),
];
const asRow = ([member, group]: Pair) => ({ member, group });
const asGrants = (names: readonly string[]) => names.map((permission) => ({ permission, action: '*' }));

export const holdingsOf = ({ before, after, had, has, added, removed }: DecidedChange): AuthorityChange => ({
  before: { subjects: subjectsOf(before), grants: asGrants(had) },
  after: {
    subjects: subjectsOf(after),
    grants: asGrants(has),
    memberships: added.map(asRow),
    without: removed.map(asRow),
  },
});

/** The policy with the memberships that come and go. */
export function rewrite(policy: RandomPolicy, { added, removed }: DecidedChange): RandomPolicy {
  const gone = new Set(removed.map(String));
  const rows = new Map(
    [...policy.memberships.filter((pair) => !gone.has(String(pair))), ...added].map((pair) => [
      String(pair),
      pair,
    ]),
  );
  return { ...policy, memberships: [...rows.values()] };
}

export const grantsTo = ({ name }: Somebody, granted: readonly string[]): PolicyRows => ({
  ...noRows,
  rules: granted.map((permission) => grantRow(`user:${name}`, permission)),
});
