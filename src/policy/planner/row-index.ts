import type { RowEffect } from './effects.ts';
import { Level } from './level.ts';

/** No row: later than every row. */
export const noRow = 0x7fffffff;

/** Rows that say the same but for their effect: the first of each, and all of them in policy order. */
export class Stand {
  allow = noRow;
  deny = noRow;
  readonly rows: number[] = [];

  add(row: number, effect: RowEffect): void {
    this.rows.push(row);
    if (effect === 'allow' && row < this.allow) this.allow = row;
    if (effect === 'deny' && row < this.deny) this.deny = row;
  }
}

export type Node = Level<Node> | Stand;

/** Rows by the numbers of their values, column by column: a way down for each combination that a row has. */
export class RowIndex {
  readonly roots: readonly (Node | undefined)[];

  constructor(roots: readonly (Node | undefined)[]) {
    this.roots = roots;
  }

  /** Another index in which the stand of these values has these rows: of no row, an empty one. */
  with(values: readonly number[], rows: readonly number[], effectOf: (row: number) => RowEffect): RowIndex {
    const [first = 0] = values;
    const roots = this.roots.slice();
    const stand = new Stand();
    for (const row of rows) stand.add(row, effectOf(row));
    roots[first] = replace(roots[first], values, 1, stand);
    return new RowIndex(roots);
  }

  /** The stand of exactly these values. */
  at(values: readonly number[]): Stand | undefined {
    let node = this.roots[values[0] ?? 0];
    for (let at = 1; at < values.length && node instanceof Level; at += 1) node = node.find(values[at] ?? 0);
    return node instanceof Stand ? node : undefined;
  }
}

function replace(node: Node | undefined, values: readonly number[], at: number, stand: Stand): Node {
  const id = values[at];
  if (id === undefined) return stand;
  const level = node instanceof Level ? node : new Level<Node>();
  return level.with(id, replace(level.find(id), values, at + 1, stand));
}

/** Takes rows in policy order. */
export class RowIndexBuilder {
  readonly #roots: (Node | undefined)[] = [];

  add(values: readonly number[], row: number, effect: RowEffect): void {
    const [first = 0] = values;
    const root = this.#roots[first] ?? (values.length === 1 ? new Stand() : new Level<Node>());
    this.#roots[first] = root;
    let node: Node = root;
    for (let at = 1; at < values.length; at += 1) {
      if (!(node instanceof Level)) throw new Error('A row has more values than the index is deep.');
      const id = values[at] ?? 0;
      let child: Node | undefined = node.find(id);
      if (child === undefined) {
        child = at === values.length - 1 ? new Stand() : new Level<Node>();
        node.put(id, child);
      }
      node = child;
    }
    if (!(node instanceof Stand)) throw new Error('A row has fewer values than the index is deep.');
    node.add(row, effect);
  }

  build(): RowIndex {
    return new RowIndex(this.#roots);
  }
}
