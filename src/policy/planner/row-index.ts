import type { RowEffect } from './effects.ts';
import type { Slab } from './slab.ts';
import { nowhere } from './slab.ts';

export type EffectOfRow = (row: number) => RowEffect;

/** Rows by the numbers of their values, column by column: a way down for each combination that a row has. Immutable. */
export class RowIndex {
  readonly slab: Slab;
  /** By the number of the first column's value: where its node begins, or with one column its stand. */
  readonly roots: Int32Array;
  readonly depth: number;

  constructor(slab: Slab, roots: Int32Array, depth: number) {
    this.slab = slab;
    this.roots = roots;
    this.depth = depth;
  }

  root(id: number): number {
    return this.roots[id] ?? nowhere;
  }

  /** The rows of exactly these values. */
  rowsAt(values: readonly number[]): readonly number[] {
    let node = this.root(values[0] ?? 0);
    for (let at = 1; at < values.length && node !== nowhere; at += 1)
      node = this.slab.child(node, values[at] ?? 0);
    return node === nowhere ? [] : this.slab.rowsOf(node);
  }

  /** Another index in which these values have these rows, or none. What has not changed is shared. */
  with(values: readonly number[], rows: readonly number[], effectOf: EffectOfRow): RowIndex {
    const [first = 0] = values;
    const roots = new Int32Array(Math.max(this.roots.length, first + 1));
    roots.set(this.roots);
    const stand = rows.length === 0 ? nowhere : this.slab.stand(rows, effectOf);
    roots[first] = this.replace(roots[first] ?? nowhere, values, 1, stand);
    return new RowIndex(this.slab, roots, this.depth);
  }

  private replace(node: number, values: readonly number[], at: number, stand: number): number {
    const id = values[at];
    if (id === undefined) return stand;
    const ids = [...this.slab.idsOf(node)];
    const children = [...this.slab.childrenOf(node)];
    const known = ids.indexOf(id);
    const child = this.replace(known === -1 ? nowhere : (children[known] ?? nowhere), values, at + 1, stand);
    if (known !== -1) {
      if (child === nowhere) {
        ids.splice(known, 1);
        children.splice(known, 1);
      } else children[known] = child;
    } else if (child !== nowhere) {
      const later = ids.findIndex((each) => each > id);
      const place = later === -1 ? ids.length : later;
      ids.splice(place, 0, id);
      children.splice(place, 0, child);
    }
    return ids.length === 0 ? nowhere : this.slab.node(ids, children);
  }
}
