import type { Operand } from './analyse.ts';
import type { ClausePlan } from './clause-plan.ts';
import type { Closure } from './closure.ts';
import type { Dictionary } from './dictionary.ts';
import { muchLonger, type Level } from './level.ts';
import type { Closures } from './reach-cache.ts';
import { noRow, Stand, type Node } from './row-index.ts';

/**
 * A clause that compares each of its columns in one way: all but the last with a value of the request, the last with that or
 * with whom somebody counts as. The common shape (RBAC, with domains or without), so it is looked up without making anything.
 * Members are not `#private`: those take twice as long here.
 */
export class PlainClause {
  /** The first row that matches and allows, and that denies, of what was asked last. */
  allow = noRow;
  deny = noRow;
  private readonly roots: readonly (Node | undefined)[];
  private readonly columns: readonly Column[];
  private readonly last: Column;
  private readonly closures: Closures | null;
  private readonly domain: Operand | null;
  private readonly allowIsEnough: boolean;

  private constructor(
    roots: readonly (Node | undefined)[],
    columns: readonly Column[],
    last: Column,
    role: Role,
    allowIsEnough: boolean,
  ) {
    this.roots = roots;
    this.columns = columns;
    this.last = last;
    this.closures = role.closures;
    this.domain = role.domain;
    this.allowIsEnough = allowIsEnough;
  }

  /**
   * `null` where the clause is of another shape.
   * @param allowIsEnough whether one row that allows decides: `allow` is then that of any, and `deny` may be missed
   */
  static from({ steps, index, gates, isExact }: ClausePlan, allowIsEnough: boolean): PlainClause | null {
    if (index === null || gates.length > 0 || !isExact) return null;
    const columns: Column[] = [];
    let role: Role = { closures: null, domain: null };
    for (const [at, { only, values, closures }] of steps.entries()) {
      if (only?.kind === 'equals') columns.push(columnOf(only.operand, values));
      else if (only?.kind === 'role' && at === steps.length - 1 && at > 0) {
        columns.push(columnOf(only.member, values));
        role = { closures, domain: only.domain };
      } else return null;
    }
    const last = columns.pop();
    return last === undefined ? null : new PlainClause(index.roots, columns, last, role, allowIsEnough);
  }

  /** Finds `allow` and `deny`. Every value that is compared must be a string. */
  ask(request: readonly unknown[]): void {
    this.allow = this.deny = noRow;
    const columns = this.columns;
    let node: Node | undefined;
    for (let depth = 0; depth < columns.length; depth += 1) {
      const { place, constant, values } = columns[depth] as Column;
      const id = values.find(place === -1 ? constant : (request[place] as string));
      if (id === undefined) return;
      node = depth === 0 ? this.roots[id] : (node as Level<Node>).find(id);
      if (node === undefined) return;
    }
    const { place, constant, values } = this.last;
    const text = place === -1 ? constant : (request[place] as string);
    if (this.closures === null) {
      const id = values.find(text);
      if (id !== undefined) this.hear(node === undefined ? this.roots[id] : (node as Level<Node>).find(id));
      return;
    }
    this.hearCommon(node as Level<Node>, this.closures.find(text, this.domainOf(request)));
  }

  domainOf(request: readonly unknown[]): string | null {
    const domain = this.domain;
    if (domain === null) return null;
    return domain.kind === 'constant' ? domain.value : (request[domain.place] as string);
  }

  /** The children of a level that somebody counts as. */
  private hearCommon(level: Level<Node>, closure: Closure): void {
    const { ids, children } = level;
    if (ids.length > closure.ids.length * muchLonger) {
      for (let at = 0; at < closure.ids.length; at += 1) this.hear(level.find(closure.ids[at] as number));
      return;
    }
    for (let at = 0; at < ids.length; at += 1) {
      if (!closure.has(ids[at] as number)) continue;
      this.hear(children[at]);
      if (this.allowIsEnough && this.allow !== noRow) return;
    }
  }

  private hear(stand: Node | undefined): void {
    if (!(stand instanceof Stand)) return;
    if (stand.allow < this.allow) this.allow = stand.allow;
    if (stand.deny < this.deny) this.deny = stand.deny;
  }
}

interface Column {
  /** Of the request; -1 where it is a constant. */
  readonly place: number;
  readonly constant: string;
  readonly values: Dictionary;
}

interface Role {
  readonly closures: Closures | null;
  readonly domain: Operand | null;
}

const columnOf = (operand: Operand, values: Dictionary): Column =>
  operand.kind === 'constant'
    ? { place: -1, constant: operand.value, values }
    : { place: operand.place, constant: '', values };
