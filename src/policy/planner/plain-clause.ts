import type { Operand } from './analyse.ts';
import type { ClausePlan } from './clause-plan.ts';
import type { Dictionary } from './dictionary.ts';
import { exactIds, type ReachCache } from './reach-cache.ts';
import type { RowIndex } from './row-index.ts';
import { noRow, nowhere, type Slab } from './slab.ts';

/** So many are not gone through one by one. */
const manyIds = 64;

/**
 * A clause that compares each of its columns in one way: all but the last with a value of the request, the last with that or
 * with whom somebody counts as. The common shape (RBAC, with domains or without), so it is looked up without making anything.
 * Members are not `#private`: those take twice as long here.
 */
export class PlainClause {
  /** The first row that matches and allows, and that denies, of what was asked last. */
  allow = noRow;
  deny = noRow;
  private readonly index: RowIndex;
  private readonly slab: Slab;
  /** Of all columns but the last: where their value stands, and what it is looked up in. */
  private readonly places: readonly number[];
  private readonly values: readonly Dictionary[];
  private readonly lastPlace: number;
  private readonly lastValues: Dictionary;
  /** Where the last column is a role. */
  private readonly cache: ReachCache | null;
  /** -1 for the default domain. */
  private readonly domainPlace: number;
  private readonly allowIsEnough: boolean;

  private constructor(index: RowIndex, columns: readonly Column[], role: Role, allowIsEnough: boolean) {
    const last = columns[columns.length - 1] as Column;
    this.index = index;
    this.slab = index.slab;
    this.places = columns.slice(0, -1).map(({ place }) => place);
    this.values = columns.slice(0, -1).map(({ values }) => values);
    this.lastPlace = last.place;
    this.lastValues = last.values;
    this.cache = role.cache;
    this.domainPlace = role.domainPlace;
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
    if (index === null || !isExact || steps.length === 0) return null;
    const columns: Column[] = [];
    let role: Role = { cache: null, domainPlace: -1 };
    for (const [at, { only, values, cache }] of steps.entries()) {
      if (only?.kind === 'equals') columns.push({ place: placeOf(only.operand), values });
      else if (only?.kind === 'role' && cache !== null && at > 0 && at === steps.length - 1) {
        columns.push({ place: placeOf(only.member), values });
        role = { cache, domainPlace: only.domain === null ? -1 : placeOf(only.domain) };
      } else return null;
    }
    return new PlainClause(index, columns, role, allowIsEnough);
  }

  /** Finds `allow` and `deny` for what was read of a request. */
  ask(read: readonly string[]): void {
    this.allow = this.deny = noRow;
    const { places, slab } = this;
    let node = nowhere;
    for (let depth = 0; depth < places.length; depth += 1) {
      const id = (this.values[depth] as Dictionary).find(read[places[depth] as number] as string);
      if (id === undefined) return;
      node = depth === 0 ? this.index.root(id) : slab.child(node, id);
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
    const stand = places.length === 0 ? this.index.root(id) : slab.child(node, id);
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

interface Role {
  readonly cache: ReachCache | null;
  readonly domainPlace: number;
}
