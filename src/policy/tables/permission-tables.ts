import type { Coordinate } from '../../core/coordinate.ts';
import type { Principal } from '../../core/principal.ts';
import type { Rule } from '../rule.ts';
import type { SubjectIndex } from '../subjects.ts';
import type { Entry } from './entry.ts';
import { createEntryPool, type EntryPool } from './entry-pool.ts';
import { bytesOfTable, createTable, moveTable, type PermissionTable } from './permission-table.ts';

/** Tables of the permission sets that were met lately. */
export interface PermissionTables {
  /** @throws {TypeError} where the principal's names are outside their alphabets: it is decided by nothing. */
  setOf(principal: Principal): PermissionSet;
  readonly size: { readonly tables: number; readonly bytes: number };
}

/** What decides for a principal: the table of those who count as the same, or its own above that. */
export interface PermissionSet {
  readonly table: PermissionTable;
  /** Everything that the principal counts as beside itself: conditions may ask for groups that no rule names. */
  readonly subjects: ReadonlySet<string>;
  /** The entry of a coordinate by its number; `ask` is called, and may throw, where nobody has asked yet. */
  entryAt(number: number, ask: () => Entry): Entry;
}

interface Needs {
  /** By number. */
  readonly coordinates: readonly Coordinate[];
  readonly rules: readonly Rule[];
  readonly subjects: SubjectIndex;
  /** Whether a rule about that subject itself is over the coordinate. */
  readonly names: (subject: string, coordinate: Coordinate) => boolean;
  /** Whether rules match somebody by what they count as alone: with a matcher of one's own, nothing is shared. */
  readonly defaultMatcher: boolean;
  /** The most bytes that tables and their entries take. */
  readonly most: number;
}

interface Closure {
  readonly subjects: ReadonlySet<string>;
  /** Those of the subjects that rules name: whoever counts as the same of them may do the same. */
  readonly key: string;
}

/** What was met since the last turn, or before it: whoever comes back is taken along, the rest is let go. */
interface Generation {
  readonly pool: EntryPool;
  readonly tables: Map<string, PermissionTable>;
  readonly closures: Map<string, Closure>;
  /** By subject: whoever is here has been checked. */
  readonly met: Map<string, MetPrincipal>;
  /** Bytes of names in closures and in those met: some have many groups. */
  named: number;
}

/** A principal that was met last under its subject, and what decides for it. */
interface MetPrincipal {
  readonly kind: Principal['kind'];
  readonly username: string | null;
  readonly groups: readonly string[];
  readonly set: PermissionSet;
}

const bytesOfClosure = 500;
const bytesOfMet = 300;
/** Of a name in a list or a set that others share the text of. */
const bytesOfPlace = 16;

export function createPermissionTables(needs: Needs): PermissionTables {
  const { coordinates, rules, subjects, names, defaultMatcher, most } = needs;
  const placeInPolicy = new Map(rules.map((rule, place) => [rule, place]));
  const named = new Set(rules.map(({ subject }) => subject));
  const begin = (): Generation => ({
    pool: createEntryPool(placeInPolicy),
    tables: new Map(),
    closures: new Map(),
    met: new Map(),
    named: 0,
  });
  const bytesOf = ({ pool, tables, closures, met, named }: Generation): number =>
    pool.bytes +
    named +
    tables.size * bytesOfTable(coordinates.length) +
    closures.size * bytesOfClosure +
    met.size * bytesOfMet;
  let young = begin();
  let old = begin();

  function makeRoom(): void {
    if (bytesOf(young) < most / 2) return;
    old = young;
    young = begin();
  }

  function closureOf(principal: Principal): Closure {
    const direct = subjects.directOf(principal).join(' ');
    let closure = young.closures.get(direct) ?? old.closures.get(direct);
    if (closure === undefined || !young.closures.has(direct)) {
      makeRoom();
      closure ??= newClosure(principal);
      young.closures.set(direct, closure);
      young.named += direct.length + closure.key.length + closure.subjects.size * bytesOfPlace;
    }
    return closure;
  }

  function newClosure(principal: Principal): Closure {
    const reached = new Set(subjects.climbFrom(principal).keys());
    if (principal.kind === 'user') reached.delete(principal.subject);
    const key = [...reached].filter((subject) => named.has(subject)).sort();
    return { subjects: reached, key: key.join(' ') };
  }

  function tableOf(key: string): PermissionTable {
    const known = young.tables.get(key);
    if (known !== undefined) return known;
    makeRoom();
    const before = old.tables.get(key);
    const table =
      before === undefined ? createTable(young.pool, coordinates.length) : moveTable(before, young.pool);
    young.tables.set(key, table);
    return table;
  }

  function makeSet(principal: Principal): PermissionSet {
    const closure = closureOf(principal);
    const { subject } = principal;
    const shared = tableOf(defaultMatcher ? closure.key : `${closure.key} ${subject}`);
    if (principal.kind === 'anonymous' || !defaultMatcher || !named.has(subject))
      return setOver(shared, closure, (_, ask) => ask());
    return setOver(tableOf(`${closure.key} ${subject}`), closure, (number, ask) => {
      const coordinate = coordinates[number];
      return coordinate === undefined || names(subject, coordinate) ? ask() : fill(shared, number, ask);
    });
  }

  return {
    setOf(principal) {
      const known = young.met.get(principal.subject);
      if (known !== undefined && isSame(known, principal)) return known.set;
      const set = makeSet(principal);
      makeRoom();
      young.met.set(principal.subject, metAs(principal, set));
      if (principal.kind === 'user') young.named += principal.groups.length * bytesOfPlace;
      return set;
    },
    get size() {
      return { tables: young.tables.size + old.tables.size, bytes: bytesOf(young) + bytesOf(old) };
    },
  };
}

const setOver = (
  table: PermissionTable,
  { subjects }: Closure,
  find: (number: number, ask: () => Entry) => Entry,
): PermissionSet => ({
  table,
  subjects,
  entryAt: (number, ask) => fill(table, number, () => find(number, ask)),
});

function fill(table: PermissionTable, number: number, ask: () => Entry): Entry {
  const known = table.find(number);
  if (known !== null) return known;
  const entry = ask();
  table.put(number, entry);
  return entry;
}

const metAs = (principal: Principal, set: PermissionSet): MetPrincipal => {
  const { kind } = principal;
  return principal.kind === 'anonymous'
    ? { kind, username: null, groups: [], set }
    : { kind, username: principal.username, groups: [...principal.groups], set };
};

/** Every request asks this: names are compared one by one, without making anything of them. */
function isSame({ kind, username, groups }: MetPrincipal, principal: Principal): boolean {
  if (principal.kind !== kind) return false;
  if (principal.kind === 'anonymous') return true;
  const named: unknown = principal.groups;
  if (principal.username !== username || !Array.isArray(named) || named.length !== groups.length)
    return false;
  for (let at = 0; at < groups.length; at += 1) if (named[at] !== groups[at]) return false;
  return true;
}
