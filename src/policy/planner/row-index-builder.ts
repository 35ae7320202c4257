import { RowIndex, type EffectOfRow } from './row-index.ts';
import { nowhere, Slab } from './slab.ts';

/** Rows that have come so far: by the number of a value, down to lists of rows. */
type Branch = Map<number, Branch | number[]>;

/** Nodes that are written before whoever drives it may pause. */
const piece = 64;

/** Takes rows in policy order, then writes the index. */
export class RowIndexBuilder {
  readonly #depth: number;
  readonly #roots: (Branch | number[] | undefined)[] = [];

  constructor(depth: number) {
    this.#depth = depth;
  }

  add(values: readonly number[], row: number): void {
    const [first = 0] = values;
    let place = (this.#roots[first] ??= this.#depth === 1 ? [] : new Map<number, Branch | number[]>());
    for (let at = 1; at < this.#depth; at += 1) {
      const branch = place as Branch;
      const id = values[at] ?? 0;
      let next = branch.get(id);
      if (next === undefined) {
        next = at === this.#depth - 1 ? [] : new Map<number, Branch | number[]>();
        branch.set(id, next);
      }
      place = next;
    }
    (place as number[]).push(row);
  }

  *build(effectOf: EffectOfRow): Generator<undefined, RowIndex> {
    const slab = new Slab();
    const roots = new Int32Array(this.#roots.length);
    const write = (place: Branch | number[]): number => {
      if (!(place instanceof Map)) return slab.stand(place, effectOf);
      const ids = [...place.keys()].sort((a, b) => a - b);
      return slab.node(
        ids,
        ids.map((id) => write(place.get(id) ?? [])),
      );
    };
    for (const [id, root] of this.#roots.entries()) {
      roots[id] = root === undefined ? nowhere : write(root);
      this.#roots[id] = undefined;
      if (id % piece === 0) yield;
    }
    return new RowIndex(slab, roots, this.#depth);
  }
}
