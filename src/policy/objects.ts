import type { Coordinate, SchemaCoordinates } from '../core/coordinate.ts';
import { actionOf } from '../core/coordinate.ts';
import { isPermissionName } from '../core/names.ts';
import { climb, linksOf } from './closure.ts';
import type { LoadedPolicy } from './loaded-policy.ts';
import { ownPermissions } from './own-permissions.ts';
import type { PolicyRows, Rule } from './rule.ts';
import type { Coverage } from './snapshot.ts';

/** Which coordinates a rule's object stands for. */
export interface ObjectIndex {
  /** The coordinate and every permission that covers it, directly or through other permissions. */
  namesOf(coordinate: string): ReadonlySet<string>;
  readonly permissions: ReadonlyMap<string, ReadonlySet<Coordinate>>;
  /** The rules whose object covers the coordinate, in policy order, whatever their subject, action or condition. */
  rulesOver(coordinate: Coordinate): readonly Rule[];
  readonly coverage: Coverage;
}

export function indexObjects(loaded: LoadedPolicy, schema: SchemaCoordinates): ObjectIndex {
  const links = linksOf(loaded.coverage.map((row) => [row.member, row.permission] as const));
  const names = new Map<string, ReadonlySet<string>>();
  for (const member of [...schema.coordinates, ...links.keys()])
    names.set(member, new Set(climb(member, links).keys()));
  const namesOf = (coordinate: string): ReadonlySet<string> => names.get(coordinate) ?? new Set([coordinate]);

  const byObject = indexRules(loaded.rows.rules);
  const order = new Map(loaded.rows.rules.map((rule, index) => [rule, index]));
  const inOrder = (rules: readonly Rule[]): readonly Rule[] =>
    rules.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const rulesNaming = (coordinate: Coordinate, objects: Iterable<string>): readonly Rule[] =>
    [...objects, typeOf(coordinate)].flatMap((object) => [...(byObject.get(object)?.values() ?? [])].flat());
  return {
    namesOf,
    permissions: permissionsOf(loaded.rows, schema, namesOf),
    rulesOver: (coordinate) => inOrder(rulesNaming(coordinate, [...namesOf(coordinate), '*'])),
    coverage: coverageOf(schema, (coordinate) =>
      rulesNaming(coordinate, namesOf(coordinate)).some((rule) => actsOn(rule, coordinate)),
    ),
  };
}

/** Rules by their object, and those of each by their subject. */
function indexRules(rules: readonly Rule[]): ReadonlyMap<string, ReadonlyMap<string, readonly Rule[]>> {
  const byObject = new Map<string, Map<string, Rule[]>>();
  for (const rule of rules) {
    const bySubject = byObject.get(rule.object) ?? new Map<string, Rule[]>();
    byObject.set(rule.object, bySubject);
    const same = bySubject.get(rule.subject);
    if (same === undefined) bySubject.set(rule.subject, [rule]);
    else same.push(rule);
  }
  return byObject;
}

export const actsOn = (rule: Rule, coordinate: Coordinate): boolean =>
  rule.action === '*' || rule.action === actionOf(coordinate);

const typeOf = (coordinate: Coordinate): string => `${coordinate.slice(0, coordinate.indexOf('.'))}.*`;

function permissionsOf(
  rows: PolicyRows,
  schema: SchemaCoordinates,
  namesOf: (coordinate: string) => ReadonlySet<string>,
): ReadonlyMap<string, ReadonlySet<Coordinate>> {
  const named = [
    ...rows.coverage.flatMap((row) => [row.member, row.permission]),
    ...rows.rules.map((r) => r.object),
  ];
  const permissions = new Map<string, Set<Coordinate>>();
  for (const name of [...named.filter(isPermissionName), ...ownPermissions.keys()].sort())
    permissions.set(name, new Set());
  for (const coordinate of [...schema.coordinates].sort()) {
    for (const name of namesOf(coordinate)) permissions.get(name)?.add(coordinate);
  }
  return permissions;
}

function coverageOf(schema: SchemaCoordinates, isNamed: (coordinate: Coordinate) => boolean): Coverage {
  const uncovered = [...schema.coordinates].filter((coordinate) => !isNamed(coordinate)).sort();
  const total = schema.coordinates.size;
  return { total, covered: total - uncovered.length, uncovered };
}
