import { stands } from '../decision.ts';
import type { Entry } from './entry.ts';
import type { EntryPool } from './entry-pool.ts';

/**
 * What somebody may do, by the number of a coordinate: for everybody who counts as the same groups, or (above the table of
 * those groups) for one account that rules name. Filled where it is asked.
 */
export interface PermissionTable {
  readonly pool: EntryPool;
  /** By number: one of `stands` in the two lowest bits, the entry's place in the pool above them. */
  readonly marks: Uint32Array;
  /** The entry of a coordinate by its number, once it is there. */
  find(number: number): Entry | null;
  put(number: number, entry: Entry): void;
}

/** Bytes of a table over so many coordinates. */
export const bytesOfTable = (coordinates: number): number => 4 * coordinates + 400;

export function createTable(pool: EntryPool, coordinates: number): PermissionTable {
  const table = new Uint32Array(coordinates);
  return {
    pool,
    marks: table,
    find(number) {
      const mark = table[number] ?? stands.unknown;
      return mark === stands.unknown ? null : pool.at(mark >>> 2);
    },
    put(number, entry) {
      if (number < coordinates) table[number] = (pool.placeOf(number, entry) << 2) | kindOf(entry);
    },
  };
}

const kindOf = ({ settled }: Entry): number =>
  settled === null ? stands.depends : settled.effect === 'allow' ? stands.allowed : stands.denied;

/** A copy that stands in another pool. */
export function moveTable(table: PermissionTable, pool: EntryPool): PermissionTable {
  const moved = createTable(pool, table.marks.length);
  for (let number = 0; number < table.marks.length; number += 1) {
    const entry = table.find(number);
    if (entry !== null) moved.put(number, entry);
  }
  return moved;
}
