/**
 * What the tables of many permission sets take, every coordinate of each asked for: as the tables count it, and as the
 * process grows. Told to the parent. Arguments: permission sets; then each limit in MiB. Needs --expose-gc.
 */
import { parseUsername } from '../../src/core/names.ts';
import type { UserPrincipal } from '../../src/core/principal.ts';
import type { Coordinate } from '../../src/core/coordinate.ts';
import type { Rule } from '../../src/policy/rule.ts';
import { indexSubjects } from '../../src/policy/subjects.ts';
import { entryOf } from '../../src/policy/tables/entry.ts';
import { createPermissionTables } from '../../src/policy/tables/permission-tables.ts';
import { benchPrincipal, buildBenchSchema, declarationsOf } from './guarded-side.ts';
import { openBenchPolicy } from './policy.ts';
import type { MemoryRow } from './samples.ts';

process.on('disconnect', () => process.exit(1));
const sets = Number(process.argv[2]);
const limits = process.argv.slice(3).map(Number);
const mebibyte = 1024 * 1024;

const declarations = declarationsOf(buildBenchSchema());
const policy = await openBenchPolicy(declarations);
const { loaded } = policy;
const snapshot = policy.engine.current();
const coordinates = [...declarations.schema.coordinates];
const { rules, memberships } = loaded.rows;
const subjects = indexSubjects(memberships);

const covers = ({ object }: Rule, coordinate: Coordinate): boolean =>
  object === '*' ||
  object === coordinate ||
  object === `${coordinate.slice(0, coordinate.indexOf('.'))}.*` ||
  (snapshot.permissions.get(object)?.has(coordinate) ?? false);
const rulesOver = coordinates.map((coordinate) => rules.filter((rule) => covers(rule, coordinate)));

/** Somebody in two teams, no two of them in the same two. */
function somebody(number: number): UserPrincipal {
  const username = parseUsername(`somebody-${number}`);
  if (username === null) throw new Error('A name of the benchmark is no username.');
  const [one, step] = [number % 250, 1 + Math.floor(number / 250)];
  const groups = [`group:team-${one}`, `group:team-${(one + step) % 250}`] as const;
  return { ...benchPrincipal, subject: `user:${username}`, username, groups };
}

/** Megabytes that are reachable, on the heap and beside it. */
function reachable(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / mebibyte;
}

function fill(limit: number): MemoryRow {
  const before = reachable();
  const tables = createPermissionTables({
    coordinates,
    rules,
    subjects,
    // No rule of this policy names an account.
    names: () => false,
    defaultMatcher: true,
    most: limit * mebibyte,
  });
  let most = 0;
  for (let number = 0; number < sets; number += 1) {
    const set = tables.setOf(somebody(number));
    coordinates.forEach((coordinate, place) => {
      set.entryAt(place, () => {
        const matched = (rulesOver[place] ?? []).filter(
          ({ subject }) => subject === 'everyone' || set.subjects.has(subject),
        );
        const candidates = matched.map((rule) => {
          const condition = rule.condition === null ? null : (loaded.conditions.get(rule.condition) ?? null);
          return { rule, condition, usesContext: condition?.usesObject ?? false };
        });
        return entryOf(coordinate, candidates, snapshot.version);
      });
    });
    most = Math.max(most, tables.size.bytes / mebibyte);
  }
  const grown = reachable() - before;
  const { size } = tables;
  return { limit, sets, coordinates: coordinates.length, most, kept: size.tables, grown };
}

const rows = limits.map(fill);
await policy.close();
process.send?.(rows);
