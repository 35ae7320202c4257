import type { AuthorityChange, Holding } from '../../../src/policy/snapshot.ts';
import {
  coordinates,
  type AtomName,
  type Condition,
  type RandomPolicy,
  type RandomRule,
} from './random-policies.ts';

/**
 * `findGains` by brute force, written from the law alone: every part of every condition is given every value that it
 * could have, for the three at once, and all combinations are tried.
 */

/** True, false, failed. */
type Value = 'T' | 'F' | 'X';
/** Of the one before, the one after, and the granter. */
type Triple = readonly [Value, Value, Value];

const TF: readonly Value[] = ['T', 'F'];
const TFX: readonly Value[] = ['T', 'F', 'X'];

export interface RandomGranter {
  readonly name: string;
  readonly groups: readonly string[];
  readonly department: string | null;
}

/** The granter asks from 192.0.2.7, and could log in again. */
export function gainsByAssignments(
  policy: RandomPolicy,
  change: AuthorityChange,
  granter: RandomGranter,
): readonly string[] {
  const before = whoIs(change.before, policy);
  const after = whoIs(change.after, policy);
  const giving = whoIs(
    { subjects: [`user:${granter.name}`, ...granter.groups.map((each) => `group:${each}`)] },
    policy,
  );
  const worldsOf = (name: AtomName): readonly Triple[] => worldsOfAtom(name, before, after, giving, granter);

  // What lifts the comparison has to hold now: whoever gives is not fresh.
  const worldsNow = (name: AtomName): readonly Triple[] =>
    name === 'fresh' ? worldsOf(name).map(([a, b]): Triple => [a, b, 'F']) : worldsOf(name);
  const canLack = (asked: string): boolean =>
    combinations(atomsOf(rulesFor(giving, asked, policy)), worldsNow).some(
      (world) => !mayDo(giving, asked, policy, world, 2),
    );
  if (!canLack('portcullis.grant_beyond')) return [];
  return [...coordinates, 'portcullis.grant_beyond', 'operations.view_health']
    .filter((asked) => {
      const rules = [before, after, giving].flatMap((who) => rulesFor(who, asked, policy));
      return combinations(atomsOf(rules), worldsOf).some(
        (world) =>
          mayDo(after, asked, policy, world, 1) &&
          !mayDo(before, asked, policy, world, 0) &&
          !mayDo(giving, asked, policy, world, 2),
      );
    })
    .toSorted();
}

interface Who {
  readonly subjects: ReadonlySet<string>;
  readonly name: string | null;
  readonly grants: NonNullable<Holding['grants']>;
}

function whoIs(
  { subjects, memberships = [], without = [], grants = [] }: Holding,
  policy: RandomPolicy,
): Who {
  const pairs = [
    ...policy.memberships.filter(
      ([member, group]) => !without.some((pair) => pair.member === member && pair.group === group),
    ),
    ...memberships.map(({ member, group }) => [member, group] as const),
  ];
  const all = new Set([...subjects, 'authenticated', 'everyone']);
  for (let grew = true; grew;) {
    const size = all.size;
    for (const [member, group] of pairs) if (all.has(member)) all.add(group);
    grew = all.size > size;
  }
  const name = subjects.find((each) => each.startsWith('user:'))?.slice('user:'.length) ?? null;
  return { subjects: all, name, grants };
}

function covers(object: string, asked: string, { coverage }: RandomPolicy): boolean {
  if (object === '*' || object === asked) return true;
  return coverage.some(
    ([member, permission]) => permission === object && covers(member, asked, { coverage } as RandomPolicy),
  );
}

const rulesFor = ({ subjects }: Who, asked: string, policy: RandomPolicy): readonly RandomRule[] =>
  policy.rules.filter((rule) => subjects.has(rule.subject) && covers(rule.object, asked, policy));

function atomsOf(rules: readonly RandomRule[]): readonly AtomName[] {
  const names = (condition: Condition): readonly AtomName[] =>
    condition.kind === 'atom'
      ? [condition.name]
      : condition.kind === 'not'
        ? names(condition.part)
        : [...names(condition.left), ...names(condition.right)];
  return [...new Set(rules.flatMap(({ condition }) => (condition === null ? [] : names(condition))))];
}

function combinations(
  names: readonly AtomName[],
  worldsOf: (name: AtomName) => readonly Triple[],
): readonly ReadonlyMap<AtomName, Triple>[] {
  const [first, ...others] = names;
  if (first === undefined) return [new Map()];
  return combinations(others, worldsOf).flatMap((rest) =>
    worldsOf(first).map((triple) => new Map(rest).set(first, triple)),
  );
}

function mayDo(
  who: Who,
  asked: string,
  policy: RandomPolicy,
  world: ReadonlyMap<AtomName, Triple>,
  side: 0 | 1 | 2,
): boolean {
  const valueOf = (condition: Condition): Value => {
    if (condition.kind === 'atom') return world.get(condition.name)![side];
    if (condition.kind === 'not') return ({ T: 'F', F: 'T', X: 'X' } as const)[valueOf(condition.part)];
    const left = valueOf(condition.left);
    const goesOn = condition.kind === 'and' ? 'T' : 'F';
    return left === goesOn ? valueOf(condition.right) : left;
  };
  const rules = rulesFor(who, asked, policy).map(({ effect, condition }) => ({
    effect,
    value: condition === null ? 'T' : valueOf(condition),
  }));
  const granted = who.grants.some(({ permission }) => covers(permission, asked, policy));
  return (
    (granted || rules.some(({ effect, value }) => effect === 'allow' && value === 'T')) &&
    !rules.some(({ effect, value }) => effect === 'deny' && value !== 'F')
  );
}

function worldsOfAtom(
  name: AtomName,
  before: Who,
  after: Who,
  giving: Who,
  granter: RandomGranter,
): readonly Triple[] {
  const same = (values: readonly Value[], now: Value): readonly Triple[] =>
    values.map((value) => [value, value, now]);
  const truth = (value: boolean): Value => (value ? 'T' : 'F');
  switch (name) {
    case 'self':
    case 'shared':
      return TFX.map((value): Triple => [value, value, value]);
    case 'fresh':
      // The granter could be fresh, or not: each for themselves.
      return TF.map((value): Triple => [value, value, value]);
    case 'sales':
      return same(TF, truth(granter.department === 'sales'));
    case 'office':
      return same(TFX, 'T');
    case 'elsewhere':
      return same(TFX, 'F');
    case 'inB':
      return worldsOfGroup('group:b', before, after, truth(giving.subjects.has('group:b')));
    case 'amongC':
      return worldsOfGroup('group:c', before, after, truth(giving.subjects.has('group:c')));
    case 'inItsGroups': {
      const groups = (who: Who) => [...who.subjects].filter((each) => each.startsWith('group:'));
      const named = groups(before).concat(groups(after), groups(giving));
      // Every set of groups that an object could be about.
      const objects = [...new Set(named)].reduce<string[][]>(
        (sets, group) => [...sets, ...sets.map((set) => [...set, group])],
        [[]],
      );
      const isIn = (who: Who, object: readonly string[]): Value =>
        truth(object.some((group) => who.subjects.has(group)));
      return [
        ...TFX.map((value): Triple => [value, value, value]),
        ...objects
          .map((object): Triple => [isIn(before, object), isIn(after, object), isIn(giving, object)])
          .filter(([had, has]) => had !== has),
      ];
    }
    case 'isAnn': {
      const now = truth(granter.name === 'ann');
      const known = (who: Who): readonly Value[] => (who.name === null ? TF : [truth(who.name === 'ann')]);
      if (before.name === null && after.name === null) return same(TF, now);
      return known(before).flatMap((a) => known(after).map((b): Triple => [a, b, now]));
    }
  }
}

/** Somebody with a name is known whole; of whoever else is in a group it is not known where else they are. */
function worldsOfGroup(group: string, before: Who, after: Who, now: Value): readonly Triple[] {
  const known = (who: Who): readonly Value[] =>
    who.subjects.has(group) ? ['T'] : who.name === null ? TF : ['F'];
  const [first, second] = [known(before), known(after)];
  if (first === TF && second === TF)
    return [
      ['T', 'T', now],
      ['F', 'F', now],
    ];
  return first.flatMap((a) => second.map((b): Triple => [a, b, now]));
}
