import { actionOf, type Coordinate, type SchemaCoordinates } from '../../core/coordinate.ts';
import { isCoordinate, isPermissionName } from '../../core/names.ts';
import type { CoverageRow } from '../rule.ts';

/** `rows` with each `Type.*` on the left replaced by the coordinates of the type, sorted. */
export function expandCoverage(
  rows: readonly CoverageRow[],
  schema: SchemaCoordinates,
): readonly CoverageRow[] {
  const byType = indexByType(schema);
  return rows.flatMap((row) =>
    row.member.endsWith('.*')
      ? (byType.get(row.member.slice(0, -2)) ?? []).map((member) => ({ ...row, member }))
      : [row],
  );
}

/** Which coordinates a pair of object and action can match. */
export type Targets = (object: string, action: string) => ReadonlySet<Coordinate>;

/** `coverage` is expanded already. */
export function findTargets(coverage: readonly CoverageRow[], schema: SchemaCoordinates): Targets {
  const byType = indexByType(schema);
  const members = new Map<string, string[]>();
  for (const { member, permission } of coverage) push(members, permission, member);
  const known = new Map<string, ReadonlySet<Coordinate>>();

  const reach = (permission: string): Coordinate[] => {
    const seen = new Set([permission]);
    // A Set hands out what is added while it is walked: this loop is the whole search.
    for (const name of seen) for (const member of members.get(name) ?? []) seen.add(member);
    return [...schema.coordinates].filter((coordinate) => seen.has(coordinate));
  };
  const resolve = (object: string): Iterable<Coordinate> => {
    if (object === '*') return schema.coordinates;
    if (object.endsWith('.*')) return byType.get(object.slice(0, -2)) ?? [];
    if (isPermissionName(object)) return reach(object);
    return isCoordinate(object) && schema.coordinates.has(object) ? [object] : [];
  };
  return (object, action) => {
    const key = `${object} ${action}`;
    const found =
      known.get(key) ??
      new Set([...resolve(object)].filter((coordinate) => action === '*' || actionOf(coordinate) === action));
    known.set(key, found);
    return found;
  };
}

function indexByType({ coordinates }: SchemaCoordinates): ReadonlyMap<string, readonly Coordinate[]> {
  const byType = new Map<string, Coordinate[]>();
  for (const coordinate of [...coordinates].sort()) {
    push(byType, coordinate.slice(0, coordinate.indexOf('.')), coordinate);
  }
  return byType;
}

function push<T>(index: Map<string, T[]>, key: string, value: T): void {
  const values = index.get(key);
  if (values === undefined) index.set(key, [value]);
  else values.push(value);
}
