import { assemble, type Foundation, type PlanNeeds } from './assemble.ts';
import type { Row } from './compile-expression.ts';
import { effectAt } from './effects.ts';
import { checkPatterns } from './check-patterns.ts';
import { checkNames } from './joined-names.ts';
import type { PlannedPolicy } from './planned-policy.ts';
import { orders, placesOf } from './policy-builder.ts';
import type { RowIndex } from './row-index.ts';

/** Rows of `p` that come and go. */
export interface RowChange {
  readonly added: readonly Row[];
  /** Each of them as often as it stands there. */
  readonly removed: readonly Row[];
}

/**
 * Another policy with these rows more, at the end, or less. It shares what has not changed; the one that it was made from
 * stays as it is. Not for models with an explicit priority, whose rows have their own order.
 *
 * @param needs of the new one: its roles may be others
 * @throws Unplannable, PatternRefused, or an Error where a column that is evaluated holds no expression: as at first
 */
export function changePolicy(
  policy: PlannedPolicy,
  { added, removed }: RowChange,
  needs: PlanNeeds,
): PlannedPolicy {
  const { foundation } = policy.parts;
  checkNames(added, needs.shape);
  checkPatterns(added, needs.shape, foundation.clauses);
  if (added.length + removed.length === 0) return assemble(foundation, needs);
  const { effectColumn } = needs.shape;
  const rows = foundation.rows.slice();
  const indexes = new Map(foundation.indexes);
  const ordered = orders(foundation.clauses);
  const setRows = (row: Row, change: (rows: readonly number[]) => readonly number[]): void => {
    for (const order of ordered) {
      const places = placesOf(row, order, foundation.dictionaries);
      const index = indexes.get(order.join()) as RowIndex;
      const numbers = change(index.at(places)?.rows ?? []);
      indexes.set(
        order.join(),
        index.with(places, numbers, (number) => effectAt(rows[number] ?? row, effectColumn)),
      );
    }
  };

  let { rowCount } = foundation;
  for (const row of removed) {
    const gone = new Set(numbersOf(row, rows, foundation, ordered[0]));
    setRows(row, (numbers) => numbers.filter((number) => !gone.has(number)));
    for (const number of gone) rows[number] = null;
    rowCount -= gone.size;
  }
  for (const row of added) {
    const number = rows.push(row) - 1;
    setRows(row, (numbers) => [...numbers, number]);
    rowCount += 1;
  }
  const hasGaps =
    foundation.hasGaps ||
    added.some((row) => [...foundation.dictionaries.keys()].some((column) => row[column] === undefined));
  return assemble({ ...foundation, rows, rowCount, indexes, hasGaps }, needs);
}

/** Where a row stands: by an index where there is one. */
function numbersOf(
  row: Row,
  rows: readonly (Row | null)[],
  { indexes, dictionaries }: Foundation,
  order: readonly number[] | undefined,
): readonly number[] {
  const among =
    order === undefined
      ? rows.keys()
      : (indexes.get(order.join())?.at(placesOf(row, order, dictionaries))?.rows ?? []);
  return [...among].filter((number) => isSame(rows[number], row));
}

const isSame = (a: Row | null | undefined, b: Row): boolean =>
  a !== null && a !== undefined && a.length === b.length && a.every((value, at) => value === b[at]);
