import { isDeepStrictEqual } from 'node:util';
import { type ConditionAtom, isOfRequest } from '../conditions/form.ts';
import type { ConditionScope } from '../conditions/scope.ts';
import type { Granter } from '../snapshot.ts';
import type { Holder } from './holder.ts';
import { failed, no, yes, type Outcomes } from './outcomes.ts';

/** The three that are compared. */
export type Side = 'before' | 'after' | 'granter';

/** How a part of a condition comes out for the three of them, at the same time and with the same object. */
export type World = Readonly<Record<Side, Outcomes>>;

interface Needs {
  readonly before: Holder;
  readonly after: Holder;
  readonly granter: Granter;
  /** Everything that the granter counts as. */
  readonly granterSubjects: ReadonlySet<string>;
  /** Whether it is about what the granter may do at this moment, and not about what they could do. */
  readonly isNow: boolean;
}

/** Every world that a part of a condition can be in. */
export function worldsMaker({
  before,
  after,
  granter,
  granterSubjects,
  isNow,
}: Needs): (atom: ConditionAtom) => readonly World[] {
  const groups = compareGroups(before, after, granterSubjects);
  const isRenamed = before.username !== after.username;

  const nowOf = (atom: ConditionAtom): Outcomes =>
    evaluate(atom, {
      principal: granter.principal,
      subjects: granterSubjects,
      environment: granter.environment,
      args: null,
      object: null,
      optimistic: !isNow,
    });

  const isRewritten = ({ attributes }: ConditionAtom): boolean =>
    [...attributes].some((name) => !isDeepStrictEqual(before.attributes?.[name], after.attributes?.[name]));

  /**
   * How it comes out for the granter, where that is known. What asks how somebody proved who they are is known only where no
   * login here could prove it: else it is each one's own, so that whoever may do something when they are fresh, or proved by two factors,
   * gives it on under the same condition and never without.
   */
  function findGranters(atom: ConditionAtom): Outcomes | null {
    if (atom.usesContext) return null;
    const now = nowOf(atom);
    return atom.inputs.has('login') && now === yes && !isNow ? null : now;
  }

  /** How it can come out before and after, where it is known for neither. */
  function pairsOf(atom: ConditionAtom): readonly (readonly [Outcomes, Outcomes])[] {
    const each = [yes, no, ...(atom.canFail ? [failed] : [])];
    if ((isRenamed && atom.inputs.has('username')) || isRewritten(atom))
      return each.flatMap((first) => each.map((second) => [first, second] as const));
    return each.map((outcome) => [outcome, outcome] as const);
  }

  /**
   * Where the object says which groups it is about, and the change is about being in one of them: then it is one object, and
   * the granter is in one of its groups or not. Whoever is in more groups is in one of them at least as surely.
   */
  const worldsOfGroups: readonly World[] = [
    ...groups.granterWhereGained.map((granter) => ({ before: no, after: yes, granter })),
    ...groups.granterWhereLost.map((granter) => ({ before: yes, after: no, granter })),
  ];

  return (atom) => {
    const each = [yes, no, ...(atom.canFail ? [failed] : [])];
    const first = findKnown(atom, before);
    const second = findKnown(atom, after);
    const pairs =
      first === null && second === null
        ? pairsOf(atom)
        : (first === null ? each : [first]).flatMap((a) =>
            (second === null ? each : [second]).map((b) => [a, b] as const),
          );
    const granters = findGranters(atom);
    const worlds = pairs.map(([a, b]) => ({ before: a, after: b, granter: granters ?? b }));
    // Those that are asked for by name are known where they changed.
    return atom.inputs.has('groups') && atom.groups === null ? [...worlds, ...worldsOfGroups] : worlds;
  };
}

/** How it comes out for somebody, as far as what is known of them tells. */
function findKnown(atom: ConditionAtom, holder: Holder): Outcomes | null {
  if (atom.usesContext || isOfRequest(atom.inputs)) return null;
  if (atom.groups?.some((group) => holder.subjects.has(group)) === true) return yes;
  const isKnown =
    (holder.isWhole || !atom.inputs.has('groups')) &&
    (holder.username !== null || holder.principal.kind === 'anonymous' || !atom.inputs.has('username')) &&
    (holder.attributes !== null || holder.principal.kind === 'anonymous' || atom.attributes.size === 0);
  if (!isKnown) return null;
  return evaluate(atom, {
    principal: holder.principal,
    subjects: holder.subjects,
    environment: { now: 0, address: null, provable: { amr: [], aal: 0 } },
    args: null,
    object: null,
    optimistic: false,
  });
}

function evaluate(atom: ConditionAtom, scope: ConditionScope): Outcomes {
  try {
    return atom.evaluate(scope) ? yes : no;
  } catch {
    return failed;
  }
}

/**
 * How it can come out for the granter that somebody comes to be in one of an object's groups, and that somebody no longer is:
 * nothing where the change leaves their groups alone.
 */
function compareGroups(
  before: Holder,
  after: Holder,
  granterSubjects: ReadonlySet<string>,
): { readonly granterWhereGained: readonly Outcomes[]; readonly granterWhereLost: readonly Outcomes[] } {
  const groupsIn = (subjects: ReadonlySet<string>, without: ReadonlySet<string>): readonly string[] =>
    [...subjects].filter((subject) => subject.startsWith('group:') && !without.has(subject));

  /** Of an object that is about some of `changed`, and of nothing that whoever is `out` of them is in. */
  const outcomesOver = (changed: readonly string[], out: ReadonlySet<string>): readonly Outcomes[] => {
    if (changed.length === 0) return [];
    const canBeIn = groupsIn(granterSubjects, out).length > 0;
    const canBeOut = changed.some((group) => !granterSubjects.has(group));
    return [...(canBeIn ? [yes] : []), ...(canBeOut ? [no] : [])];
  };
  return {
    granterWhereGained: outcomesOver(groupsIn(after.subjects, before.subjects), before.subjects),
    granterWhereLost: outcomesOver(groupsIn(before.subjects, after.subjects), after.subjects),
  };
}
