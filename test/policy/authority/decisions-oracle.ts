import { anonymous, type Principal } from '../../../src/core/principal.ts';
import type { DecisionContext, RequestEnvironment } from '../../../src/policy/decision.ts';
import type { PolicySnapshot } from '../../../src/policy/snapshot.ts';
import { environment, user } from '../fixture.ts';
import { coordinates, type AtomName, type Condition, type RandomPolicy } from './random-policies.ts';

/**
 * Gains by the engine's own decisions: two policies, two people and a granter are asked in every situation that the
 * conditions of the policy could tell apart.
 */

export interface Somebody {
  readonly name: string;
  readonly groups: readonly string[];
}

export interface Deciding {
  readonly snapshot: PolicySnapshot;
  readonly who: Somebody | 'anonymous';
}

type Owner = 'own' | 'other' | 'none';
type Groups = 'none' | readonly string[];

interface Situation {
  readonly owner: Owner;
  readonly shared: true | false | 'none';
  readonly groups: Groups;
  readonly department: 'sales' | null;
  readonly isFresh: boolean;
  readonly address: string | null;
}

const object = ({ owner, shared, groups }: Situation, id: string): DecisionContext => ({
  args: {},
  object: {
    ...(owner === 'none' ? {} : { owner: owner === 'own' ? id : 'somebody-else' }),
    ...(shared === 'none' ? {} : { shared }),
    ...(groups === 'none' ? {} : { groups }),
  },
});

const id = 'id-of-whoever-changes';
const hour = 3_600_000;

function principalIn({ department, isFresh }: Situation, who: Deciding['who']): Principal {
  if (who === 'anonymous') return anonymous;
  const attributes = department === null ? {} : { department };
  const authTime = isFresh ? environment.now : environment.now - hour;
  return { ...user(who.name, { groups: who.groups, attributes, authTime }), id };
}

const may = (
  snapshot: PolicySnapshot,
  principal: Principal,
  at: RequestEnvironment,
  context: DecisionContext,
): ReadonlySet<string> => {
  const decisions = snapshot.decisionsFor(principal, at);
  return new Set(coordinates.filter((each) => decisions.decide(each, context).effect === 'allow'));
};

/** @param granter whoever gives, fresh where whoever is given something is */
export function gainsByDecisions(
  policy: RandomPolicy,
  { before, after, granting }: { before: Deciding; after: Deciding; granting: PolicySnapshot },
  granter: Principal,
): readonly string[] {
  const gains = new Set<string>();
  for (const situation of situationsOf(policy)) {
    const at = { ...environment, address: situation.address };
    const has = may(after.snapshot, principalIn(situation, after.who), at, object(situation, id));
    if (has.size === 0) continue;
    const had = may(before.snapshot, principalIn(situation, before.who), at, object(situation, id));
    const gained = [...has].filter((each) => !had.has(each));
    if (gained.length === 0) continue;
    // What is the one's own is the granter's own; what is a group's is one of the granter's groups.
    // Where the change is about being in one of the object's groups, it is the same object.
    const inOne = isInOne(situation.groups, after);
    const isSame = inOne === isInOne(situation.groups, before);
    const own = inOne === null ? 'none' : inOne ? groupsOf(granting, granter) : ['group:nobodys'];
    const theirs = isSame ? own : situation.groups;
    const context = object({ ...situation, groups: theirs }, granter.kind === 'user' ? granter.id : '');
    const lacks = may(granting, provedAsIn(situation, granter), environment, context);
    for (const each of gained) if (!lacks.has(each)) gains.add(each);
  }
  return [...gains].toSorted();
}

const provedAsIn = ({ isFresh }: Situation, granter: Principal): Principal =>
  granter.kind === 'user'
    ? {
        ...granter,
        authentication: {
          ...granter.authentication,
          authTime: isFresh ? environment.now : environment.now - hour,
        },
      }
    : granter;

const groupsOf = (snapshot: PolicySnapshot, principal: Principal): readonly string[] =>
  [...snapshot.subjectsOf(principal)].filter((subject) => subject.startsWith('group:'));

function isInOne(groups: Groups, { snapshot, who }: Deciding): boolean | null {
  if (groups === 'none') return null;
  const principal = who === 'anonymous' ? anonymous : user(who.name, { groups: who.groups });
  const subjects = snapshot.subjectsOf(principal);
  return groups.some((group) => subjects.has(group));
}

/** Every situation that differs in something that a condition of the policy looks at. */
function situationsOf({ rules }: RandomPolicy): readonly Situation[] {
  const used = new Set(rules.flatMap(({ condition }) => (condition === null ? [] : atomsOf(condition))));
  const among = <T>(name: AtomName, values: readonly T[]): readonly T[] =>
    used.has(name) ? values : values.slice(0, 1);
  const owners = among<Owner>('self', ['own', 'other', 'none']);
  const shareds = among<Situation['shared']>('shared', [true, false, 'none']);
  const groups = among<Groups>('inItsGroups', [
    ...['group:a', 'group:b', 'group:c', 'group:d'].reduce<string[][]>(
      (sets, group) => [...sets, ...sets.map((set) => [...set, group])],
      [[]],
    ),
    'none',
  ]);
  const departments = among<Situation['department']>('sales', ['sales', null]);
  const fresh = among('fresh', [true, false]);
  const addresses = among('office', [environment.address, '198.51.100.1', null]);
  return owners.flatMap((owner) =>
    shareds.flatMap((shared) =>
      groups.flatMap((each) =>
        departments.flatMap((department) =>
          fresh.flatMap((isFresh) =>
            addresses.map((address) => ({ owner, shared, groups: each, department, isFresh, address })),
          ),
        ),
      ),
    ),
  );
}

const atomsOf = (condition: Condition): readonly AtomName[] =>
  condition.kind === 'atom'
    ? [condition.name]
    : condition.kind === 'not'
      ? atomsOf(condition.part)
      : [...atomsOf(condition.left), ...atomsOf(condition.right)];
