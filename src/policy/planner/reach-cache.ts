import type { Dictionary } from './dictionary.ts';
import { newTextMap, type TextMap } from './text-map.ts';

/** Whom somebody counts as: names, themselves included. */
export type Reach = (name: string, domain: string | null) => Iterable<string>;

/** For a role column: the numbers of those of its values that somebody counts as, ascending. */
export interface Closures {
  idsOf(name: string, domain: string | null): readonly number[];
}

export interface CacheCounts {
  hits: number;
  misses: number;
}

/** Finds it each time. */
export const findAnew = (reach: Reach, values: Dictionary): Closures => ({
  idsOf: (name, domain) => numbersOf(reach(name, domain), values),
});

/** Longer names are not remembered: what is remembered has a size. */
const longestName = 1_024;

/** Bits that tell of most numbers that they are not among somebody's, by four words for each name; of the first 128, exactly. */
const words = 4;
export const exactIds = words * 32;

/** What was asked for since the last turn, or before it. Everybody has a slot. */
class Generation {
  /** Slots of the default domain. */
  readonly names = newTextMap<number>();
  readonly domains = newTextMap<TextMap<number>>();
  /** The first slot is for who is not remembered. */
  readonly lists: (readonly number[])[] = [[]];
  masks = new Int32Array(words * 64);

  slotOf(name: string, domain: string | null): number | undefined {
    return domain === null ? this.names[name] : this.domains[domain]?.[name];
  }

  put(name: string, domain: string | null, ids: readonly number[]): number {
    const slot = this.lists.push(ids) - 1;
    if ((slot + 1) * words > this.masks.length) {
      const larger = new Int32Array(this.masks.length * 2);
      larger.set(this.masks);
      this.masks = larger;
    }
    this.mark(slot, ids);
    const names = domain === null ? this.names : (this.domains[domain] ??= newTextMap());
    names[name] = slot;
    return slot;
  }

  /** Puts somebody where the next one is put too. */
  putForNow(ids: readonly number[]): number {
    this.lists[0] = ids;
    this.masks.fill(0, 0, words);
    this.mark(0, ids);
    return 0;
  }

  private mark(slot: number, ids: readonly number[]): void {
    for (const id of ids) {
      const word = slot * words + ((id >>> 5) & (words - 1));
      this.masks[word] = (this.masks[word] ?? 0) | (1 << (id & 31));
    }
  }
}

/** Remembers what was asked for lately, for at most `most` names; whoever is asked for again is taken along. */
export class ReachCache implements Closures {
  /** Where the slots are that `find` tells. */
  young = new Generation();
  private old = new Generation();
  private readonly reach: Reach;
  private readonly values: Dictionary;
  private readonly most: number;
  private readonly counts: CacheCounts;

  constructor(reach: Reach, values: Dictionary, most: number, counts: CacheCounts) {
    this.reach = reach;
    this.values = values;
    this.most = most;
    this.counts = counts;
  }

  idsOf(name: string, domain: string | null): readonly number[] {
    const slot = this.find(name, domain);
    return this.young.lists[slot] ?? [];
  }

  /** The slot of a name, good until the next question. */
  find(name: string, domain: string | null): number {
    const slot = this.young.slotOf(name, domain);
    if (slot === undefined) return this.findOld(name, domain);
    this.counts.hits += 1;
    return slot;
  }

  private findOld(name: string, domain: string | null): number {
    const kept = this.old.slotOf(name, domain);
    this.counts[kept === undefined ? 'misses' : 'hits'] += 1;
    const ids =
      kept === undefined ? numbersOf(this.reach(name, domain), this.values) : (this.old.lists[kept] ?? []);
    if (name.length + (domain?.length ?? 0) > longestName) return this.young.putForNow(ids);
    if (this.young.lists.length > this.most / 2) {
      this.old = this.young;
      this.young = new Generation();
    }
    return this.young.put(name, domain, ids);
  }
}

function numbersOf(names: Iterable<string>, values: Dictionary): readonly number[] {
  const ids: number[] = [];
  for (const name of names) {
    const id = values.find(name);
    if (id !== undefined) ids.push(id);
  }
  return ids.sort((a, b) => a - b);
}
