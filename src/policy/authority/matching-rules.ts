import { actionOf, type Action, type Coordinate } from '../../core/coordinate.ts';
import type { PolicyEnforcer } from '../enforcer.ts';
import type { ObjectIndex } from '../objects.ts';
import { askedByServer } from '../own-permissions.ts';
import type { Rule } from '../rule.ts';

/** Something that is asked for: a coordinate, or a permission that the server itself asks for. */
export interface Asked {
  readonly name: Coordinate;
  readonly action: Action;
}

export const askedOf = (coordinates: Iterable<Coordinate>): readonly Asked[] =>
  [...[...coordinates].map((name) => ({ name, action: actionOf(name) })), ...askedByServer].toSorted(
    (a, b) => (a.name < b.name ? -1 : 1),
  );

/** Somebody whom rules may be about. */
interface Somebody {
  readonly subject: string;
  readonly subjects: ReadonlySet<string>;
}

export type MatchingRules = (asked: Asked, somebody: Somebody) => readonly Rule[];

interface Needs {
  readonly defaultMatcher: boolean;
  readonly objects: Pick<ObjectIndex, 'rulesAbout'>;
  readonly enforcer: PolicyEnforcer;
}

/** The rules that match somebody, whatever their conditions say. With a matcher of one's own, casbin itself is asked. */
export function rulesMatcher({ defaultMatcher, objects, enforcer }: Needs): MatchingRules {
  if (!defaultMatcher) {
    return ({ name, action }, { subject, subjects }) =>
      enforcer.enforce({ subject, object: name, action, subjects, holds: () => true }).matched;
  }
  return ({ name, action }, { subjects }) => objects.rulesAbout(name, action, subjects);
}
