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
  /** By name and direct groups: whoever is here has been checked. */
  readonly sets: Map<string, PermissionSet>;
}

const bytesOfClosure = 500;
const bytesOfSet = 300;

export function createPermissionTables(needs: Needs): PermissionTables {
  const { coordinates, rules, subjects, names, defaultMatcher, most } = needs;
  const placeInPolicy = new Map(rules.map((rule, place) => [rule, place]));
  const named = new Set(rules.map(({ subject }) => subject));
  const begin = (): Generation => ({
    pool: createEntryPool(placeInPolicy),
    tables: new Map(),
    closures: new Map(),
    sets: new Map(),
  });
  const bytesOf = ({ pool, tables, closures, sets }: Generation): number =>
    pool.bytes +
    tables.size * bytesOfTable(coordinates.length) +
    closures.size * bytesOfClosure +
    sets.size * bytesOfSet;
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
      const key = keyOf(principal);
      const known = young.sets.get(key);
      if (known !== undefined) return known;
      const set = makeSet(principal);
      makeRoom();
      young.sets.set(key, set);
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

/**
 * Names and direct groups of a principal, in a spelling that no other principal shares: how many parts there are tells
 * apart those that have the separator in them, which the check of names refuses.
 */
function keyOf(principal: Principal): string {
  if (principal.kind === 'anonymous') return checkText(principal.subject);
  const { subject, username, groups } = principal;
  const parts = [subject, username, ...groups];
  parts.forEach(checkText);
  return `${parts.length} ${parts.join(' ')}`;
}

/** A list or an object would be joined as if it were a text. */
function checkText(text: unknown): string {
  if (typeof text !== 'string') throw new TypeError('A name is no text.');
  return text;
}
