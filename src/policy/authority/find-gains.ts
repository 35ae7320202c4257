import type { SchemaCoordinates } from '../../core/coordinate.ts';
import type { LoadedPolicy } from '../loaded-policy.ts';
import type { ObjectIndex } from '../objects.ts';
import { grantBeyond, ownPermissions } from '../own-permissions.ts';
import type { RuleMatcher } from '../rule-matcher.ts';
import type { Rule } from '../rule.ts';
import type { PolicySnapshot } from '../snapshot.ts';
import { findWorld, newPatience, type Rules } from './find-world.ts';
import { holderMaker, type Holder } from './holder.ts';
import { askedOf, type Asked } from './asked.ts';
import { worldsMaker } from './worlds.ts';

interface Needs {
  readonly loaded: LoadedPolicy;
  readonly schema: SchemaCoordinates;
  readonly objects: Pick<ObjectIndex, 'namesOf'>;
  readonly matcher: RuleMatcher;
  readonly subjectsOf: PolicySnapshot['subjectsOf'];
}

const beyond: Asked = { name: grantBeyond, action: ownPermissions.get(grantBeyond) ?? 'write' };

/** Somebody who may, and somebody who may not, whatever the world is like. */
const always: Rules = { allows: [null], denies: [] };
const never: Rules = { allows: [], denies: [] };

/** `PolicySnapshot.findGains`. What does not hang on who is compared is found once. */
export function gainsFinder({
  loaded,
  schema,
  objects,
  matcher,
  subjectsOf,
}: Needs): PolicySnapshot['findGains'] {
  const holderOf = holderMaker(loaded.rows.memberships);
  const matching = (
    { name, action }: Asked,
    somebody: { readonly subject: string; readonly subjects: ReadonlySet<string> },
  ): readonly Rule[] => matcher.find({ ...somebody, object: name, action });
  const asked = askedOf(schema.coordinates);
  const numbers = new Map(loaded.rows.rules.map((rule, number) => [rule, number]));

  const formOf = ({ condition }: Rule) => {
    if (condition === null) return null;
    const form = loaded.conditions.get(condition)?.form;
    if (form === undefined) throw new Error('A rule has a condition that was never compiled.');
    return form;
  };
  const rulesOf = (rules: readonly Rule[], isGranted = false): Rules => ({
    allows: [...rules.filter(({ effect }) => effect === 'allow').map(formOf), ...(isGranted ? [null] : [])],
    denies: rules.filter(({ effect }) => effect === 'deny').map(formOf),
  });

  const matchingHolder = (each: Asked, { principal, subjects, counts }: Holder): readonly Rule[] =>
    matching(each, { subject: principal.subject, subjects }).filter(counts);

  /** Whether they hold it by more than the rows of the policy. */
  const isGranted = ({ grants }: Holder, { name, action }: Asked): boolean =>
    grants.some(
      (grant) =>
        (grant.action === '*' || grant.action === action) && objects.namesOf(name).has(grant.permission),
    );

  return (change, granter) => {
    const before = holderOf(change.before);
    const after = holderOf(change.after);
    const granterSubjects = subjectsOf(granter.principal);
    const somebody = { subject: granter.principal.subject, subjects: granterSubjects };
    const worldsOf = worldsMaker({ before, after, granter, granterSubjects, isNow: false });
    const patience = newPatience();
    const lifting = { before: never, after: always, granter: rulesOf(matching(beyond, somebody)) };
    const worldsNow = worldsMaker({ before, after, granter, granterSubjects, isNow: true });
    if (!findWorld(lifting, worldsNow, patience)) return [];

    // Many coordinates have the same rules.
    const known = new Map<string, boolean>();
    const canGain = (each: Asked): boolean => {
      const rules = {
        before: matchingHolder(each, before),
        after: matchingHolder(each, after),
        granter: matching(each, somebody),
      };
      const [had, has] = [isGranted(before, each), isGranted(after, each)];
      const key = [rules.before, rules.after, rules.granter]
        .map((list) => list.map((rule) => numbers.get(rule)).join())
        .concat(String(had), String(has))
        .join('|');
      const found =
        known.get(key) ??
        findWorld(
          {
            before: rulesOf(rules.before, had),
            after: rulesOf(rules.after, has),
            granter: rulesOf(rules.granter),
          },
          worldsOf,
          patience,
        );
      known.set(key, found);
      return found;
    };
    return asked.filter(canGain).map(({ name }) => name);
  };
}
