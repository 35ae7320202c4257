import { Closure } from './closure.ts';
import type { Dictionary } from './dictionary.ts';
import { newTextMap, type TextMap } from './text-map.ts';

/** Whom somebody counts as: names, themselves included. */
export type Reach = (name: string, domain: string | null) => Iterable<string>;

export interface CacheCounts {
  hits: number;
  misses: number;
}

/** Longer names are not remembered: what is remembered has a size. */
const longestName = 1_024;

/** What was asked for since the last turn, or before it. */
class Generation {
  /** Of the default domain. */
  readonly names = newTextMap<Closure>();
  readonly domains = newTextMap<TextMap<Closure>>();
  size = 0;

  namesIn(domain: string | null): TextMap<Closure> | undefined {
    return domain === null ? this.names : this.domains[domain];
  }

  put(name: string, domain: string | null, closure: Closure): void {
    let names = this.namesIn(domain);
    if (names === undefined) {
      names = newTextMap();
      this.domains[domain ?? ''] = names;
    }
    names[name] = closure;
    this.size += 1;
  }
}

/**
 * For a role column: which of its values somebody counts as. What was asked for lately is remembered, for
 * at most `most` names; whoever is asked for again is taken along.
 */
export class ReachCache {
  readonly #reach: Reach;
  readonly #values: Dictionary;
  readonly #most: number;
  readonly #counts: CacheCounts;
  #young = new Generation();
  #old = new Generation();

  constructor(reach: Reach, values: Dictionary, most: number, counts: CacheCounts) {
    this.#reach = reach;
    this.#values = values;
    this.#most = most;
    this.#counts = counts;
  }

  find(name: string, domain: string | null): Closure {
    const known = this.#young.namesIn(domain)?.[name];
    if (known === undefined) return this.#findOld(name, domain);
    this.#counts.hits += 1;
    return known;
  }

  #findOld(name: string, domain: string | null): Closure {
    const kept = this.#old.namesIn(domain)?.[name];
    this.#counts[kept === undefined ? 'misses' : 'hits'] += 1;
    const closure = kept ?? this.#closureOf(name, domain);
    if (name.length + (domain?.length ?? 0) > longestName) return closure;
    if (this.#young.size >= this.#most / 2) {
      this.#old = this.#young;
      this.#young = new Generation();
    }
    this.#young.put(name, domain, closure);
    return closure;
  }

  #closureOf(name: string, domain: string | null): Closure {
    const ids: number[] = [];
    for (const reached of this.#reach(name, domain)) {
      const id = this.#values.find(reached);
      if (id !== undefined) ids.push(id);
    }
    return new Closure(ids.sort((a, b) => a - b));
  }
}
