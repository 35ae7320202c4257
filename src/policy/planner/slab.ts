import type { RowEffect } from './effects.ts';

/** No row: later than every row. */
export const noRow = 0x7fffffff;

/** Where nothing is: no node and no stand begins there. */
export const nowhere = 0;

const fewChildren = 8;
const muchLonger = 8;

/**
 * What indexes are made of, as numbers one after the other, so that what is looked at together lies together. A node is the count
 * of its children, their numbers ascending, and where each of them begins. A stand is the first row that allows, the first that
 * denies, and its rows: one, or a list. Grows only: indexes that are made from one another share it.
 */
export class Slab {
  data = new Int32Array(1_024);
  private used = nowhere + 1;
  private readonly lists: (readonly number[])[] = [];

  /** @param ids ascending */
  node(ids: ArrayLike<number>, children: ArrayLike<number>): number {
    const count = ids.length;
    const at = this.take(1 + 2 * count);
    this.data[at] = count;
    this.data.set(ids, at + 1);
    this.data.set(children, at + 1 + count);
    return at;
  }

  /** Rows that say the same but for their effect, ascending. */
  stand(rows: readonly number[], effectsOf: (row: number) => RowEffect): number {
    const first = (effect: RowEffect): number => rows.find((row) => effectsOf(row) === effect) ?? noRow;
    const [only] = rows;
    const listed = only !== undefined && rows.length === 1 ? -1 - only : this.lists.push(rows) - 1;
    const at = this.take(3);
    this.data[at] = first('allow');
    this.data[at + 1] = first('deny');
    this.data[at + 2] = listed;
    return at;
  }

  rowsOf(stand: number): readonly number[] {
    const listed = this.data[stand + 2] ?? 0;
    return listed < 0 ? [-1 - listed] : (this.lists[listed] ?? []);
  }

  idsOf(node: number): Int32Array {
    return node === nowhere ? noIds : this.data.subarray(node + 1, node + 1 + (this.data[node] ?? 0));
  }

  childrenOf(node: number): Int32Array {
    const count = this.data[node] ?? 0;
    return node === nowhere ? noIds : this.data.subarray(node + 1 + count, node + 1 + 2 * count);
  }

  /** The child of that number, or `nowhere`. */
  child(node: number, id: number): number {
    const { data } = this;
    const count = data[node] as number;
    let low = node + 1;
    let high = low + count;
    while (high - low > fewChildren) {
      const middle = (low + high) >>> 1;
      if ((data[middle] as number) <= id) low = middle;
      else high = middle;
    }
    for (let at = low; at < high; at += 1) if (data[at] === id) return data[at + count] as number;
    return nowhere;
  }

  /** Visits the children whose numbers are in the list, which is ascending. */
  visitCommon(node: number, wanted: readonly number[], visit: (child: number) => void): void {
    const count = this.data[node] ?? 0;
    // Lists of so different lengths are not gone through together: the members of the shorter one are looked up.
    if (count > wanted.length * muchLonger) {
      for (const id of wanted) {
        const child = this.child(node, id);
        if (child !== nowhere) visit(child);
      }
      return;
    }
    let own = 0;
    let other = 0;
    while (own < count && other < wanted.length) {
      const a = this.data[node + 1 + own] ?? 0;
      const b = wanted[other] ?? 0;
      if (a === b) visit(this.data[node + 1 + count + own] ?? nowhere);
      if (a <= b) own += 1;
      if (b <= a) other += 1;
    }
  }

  private take(size: number): number {
    const at = this.used;
    this.used += size;
    if (this.used > this.data.length) {
      const larger = new Int32Array(Math.max(this.data.length * 2, this.used));
      larger.set(this.data);
      this.data = larger;
    }
    return at;
  }
}

const noIds = new Int32Array(0);
