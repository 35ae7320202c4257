import type { Rule } from '../rule.ts';
import type { Entry } from './entry.ts';

/** Entries, each once: most permissions come to the same at most coordinates. */
export interface EntryPool {
  readonly bytes: number;
  at(place: number): Entry;
  /** The place of that entry, or of one that says the same of the same coordinate. */
  placeOf(number: number, entry: Entry): number;
}

/** `placeInPolicy` tells where a rule stands in the order in which rules decide. */
export function createEntryPool(placeInPolicy: ReadonlyMap<Rule, number>): EntryPool {
  const entries: Entry[] = [];
  const places = new Map<string, number>();
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    at(place) {
      const entry = entries[place];
      if (entry === undefined) throw new Error('A table names an entry that is not there.');
      return entry;
    },
    placeOf(number, entry) {
      const key = [number, ...entry.candidates.map(({ rule }) => placeInPolicy.get(rule))].join();
      const known = places.get(key);
      if (known !== undefined) return known;
      const place = entries.push(entry) - 1;
      places.set(key, place);
      bytes += 600 + 80 * entry.candidates.length;
      return place;
    },
  };
}
