import type { Operand } from './analyse.ts';
import type { ClausePlan } from './clause-plan.ts';
import type { Dictionary } from './dictionary.ts';
import { exactIds, type ReachCache } from './reach-cache.ts';
import type { RowIndex } from './row-index.ts';
import { noRow, nowhere, type Slab } from './slab.ts';
import type { Step } from './step.ts';

/** So many are not gone through one by one. */
const manyIds = 64;

/**
 * A clause that compares each of its columns in one way: the first by patterns or with a value of the request, the others with
 * a value, the last with that or with whom somebody counts as. The common shape (RBAC, with domains and patterns or without),
 * so it is looked up without making anything. Members are not `#private`: those take twice as long here.
 */
export class PlainClause {
  /** The first row that matches and allows, and that denies, of what was asked last. */
  allow = noRow;
  deny = noRow;
  private readonly index: RowIndex;
  private readonly slab: Slab;
  /** The first column, where it is compared by patterns. */
  private readonly patterns: Step | null;
  /** Of the columns between it and the last: where their value stands, and what it is looked up in. */
  private readonly places: readonly number[];
  private readonly values: readonly Dictionary[];
  private readonly lastPlace: number;
  private readonly lastValues: Dictionary;
  /** Where the last column is a role. */
  private readonly cache: ReachCache | null;
  /** -1 for the default domain. */
  private readonly domainPlace: number;
  private readonly allowIsEnough: boolean;

  private constructor(
    index: RowIndex,
    { patterns, columns, cache, domainPlace }: Shape,
    allowIsEnough: boolean,
  ) {
    const last = columns[columns.length - 1] as Column;
    this.index = index;
    this.slab = index.slab;
    this.patterns = patterns;
    this.places = columns.slice(0, -1).map(({ place }) => place);
    this.values = columns.slice(0, -1).map(({ values }) => values);
    this.lastPlace = last.place;
    this.lastValues = last.values;
    this.cache = cache;
    this.domainPlace = domainPlace;
    this.allowIsEnough = allowIsEnough;
  }

  /**
   * `null` where the clause is of another shape.
   * @param placeOf where an operand stands among what is read of a request
   * @param allowIsEnough whether one row that allows decides: `allow` is then that of any, and `deny` may be missed
   */
  static from(
    { steps, index, isExact }: ClausePlan,
    placeOf: (operand: Operand) => number,
    allowIsEnough: boolean,
  ): PlainClause | null {
    if (index === null || !isExact) return null;
    const columns: Column[] = [];
    const shape = {
      patterns: null as Step | null,
      columns,
      cache: null as ReachCache | null,
      domainPlace: -1,
    };
    for (const [at, step] of steps.entries()) {
      const { only, values, cache } = step;
      if (only?.kind === 'equals') columns.push({ place: placeOf(only.operand), values });
      else if (only?.kind === 'pattern' && at === 0) shape.patterns = step;
      else if (only?.kind === 'role' && cache !== null && at > 0 && at === steps.length - 1) {
        columns.push({ place: placeOf(only.member), values });
        shape.cache = cache;
        shape.domainPlace = only.domain === null ? -1 : placeOf(only.domain);
      } else return null;
    }
    return columns.length === 0 ? null : new PlainClause(index, shape, allowIsEnough);
  }

  get hasPatterns(): boolean {
    return this.patterns !== null;
  }

  /** Finds `allow` and `deny` for what was read of a request. @throws PatternTimedOut */
  ask(read: readonly string[]): void {
    this.allow = this.deny = noRow;
    if (this.patterns === null) {
      this.descend(nowhere, read);
      return;
    }
    const ids = this.patterns.find(read);
    for (let at = 0; at < ids.length; at += 1) {
      const node = this.index.root(ids[at] as number);
      if (node !== nowhere) this.descend(node, read);
      if (this.allowIsEnough && this.allow !== noRow) return;
    }
  }

  /** From a node, or from the roots. */
  private descend(start: number, read: readonly string[]): void {
    const { places, slab } = this;
    let node = start;
    for (let depth = 0; depth < places.length; depth += 1) {
      const id = (this.values[depth] as Dictionary).find(read[places[depth] as number] as string);
      if (id === undefined) return;
      node = node === nowhere ? this.index.root(id) : slab.child(node, id);
      if (node === nowhere) return;
    }
    const last = read[this.lastPlace] as string;
    if (this.cache !== null) {
      const domain = this.domainPlace === -1 ? null : (read[this.domainPlace] as string);
      this.askRole(this.cache, node, this.cache.find(last, domain));
      return;
    }
    const id = this.lastValues.find(last);
    if (id === undefined) return;
    const stand = node === nowhere ? this.index.root(id) : slab.child(node, id);
    if (stand !== nowhere) this.hear(stand);
  }

  private askRole(cache: ReachCache, node: number, slot: number): void {
    const { masks, lists } = cache.young;
    const { data } = this.slab;
    const count = data[node] as number;
    if (count > manyIds) {
      this.slab.visitCommon(node, lists[slot] ?? [], (stand) => {
        this.hear(stand);
      });
      return;
    }
    const isExact = this.lastValues.size <= exactIds;
    const end = node + 1 + count;
    for (let at = node + 1; at < end; at += 1) {
      const id = data[at] as number;
      if ((((masks[slot * 4 + ((id >>> 5) & 3)] as number) >>> (id & 31)) & 1) === 0) continue;
      if (!isExact && lists[slot]?.includes(id) !== true) continue;
      this.hear(data[at + count] as number);
      if (this.allowIsEnough && this.allow !== noRow) break;
    }
  }

  private hear(stand: number): void {
    const { data } = this.slab;
    const allow = data[stand] as number;
    const deny = data[stand + 1] as number;
    if (allow < this.allow) this.allow = allow;
    if (deny < this.deny) this.deny = deny;
  }
}

interface Column {
  readonly place: number;
  readonly values: Dictionary;
}

interface Shape {
  readonly patterns: Step | null;
  readonly columns: readonly Column[];
  readonly cache: ReachCache | null;
  readonly domainPlace: number;
}
