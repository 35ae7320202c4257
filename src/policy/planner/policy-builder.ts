import { analyse, patternColumns, type Clause } from './analyse.ts';
import { assemble, type Foundation, type PlanNeeds } from './assemble.ts';
import { checkPatterns } from './check-patterns.ts';
import { inOrder } from './clause-plan.ts';
import type { Row } from './compile-expression.ts';
import { Dictionary } from './dictionary.ts';
import { effectAt } from './effects.ts';
import { checkNames } from './joined-names.ts';
import type { PlannedPolicy } from './planned-policy.ts';
import { RowIndex } from './row-index.ts';
import { RowIndexBuilder } from './row-index-builder.ts';
import { Slab } from './slab.ts';

/** Rows that are gone through before whoever drives it may pause. */
const piece = 256;

/**
 * From rows to a policy that decides. Iterates while it works, so that whoever drives it may pause.
 * @throws Unplannable for the model before the first pause, for a row later; PatternRefused, and an Error where a column holds no
 * expression
 */
export function* buildPolicy(rows: readonly Row[], needs: PlanNeeds): Generator<undefined, PlannedPolicy> {
  const { shape } = needs;
  const clauses = analyse(shape, needs.assumed);
  const ordered = shape.priorityColumn === null ? rows : inPriority(rows, shape.priorityColumn);
  // What can't be planned is known before anything is gone through.
  assemble(emptyFoundation(clauses), needs);
  yield;

  const columns = [...new Set(clauses.flatMap(({ tests }) => tests.map(({ column }) => column)))];
  const dictionaries = new Map(columns.map((column) => [column, new Dictionary()]));
  const builders = new Map(
    orders(clauses).map((order) => [order.join(), { order, builder: new RowIndexBuilder(order.length) }]),
  );
  checkNames(ordered, shape);
  checkPatterns(ordered, shape, clauses);
  const uses = new Map(patternColumns(clauses).map(({ column }) => [column, [] as number[]]));
  for (const [number, row] of ordered.entries()) {
    for (const { order, builder } of builders.values())
      builder.add(placesOf(row, order, dictionaries), number);
    countUses(row, uses, dictionaries, 1);
    if (number % piece === 0) yield;
  }
  yield;
  const indexes = new Map<string, RowIndex>();
  for (const [key, { builder }] of builders)
    indexes.set(key, yield* builder.build((number) => effectAt(ordered[number] ?? [], shape.effectColumn)));
  return assemble(
    {
      clauses,
      rows: ordered,
      rowCount: ordered.length,
      dictionaries,
      indexes,
      uses,
      patterns: new Map(),
      caches: new Map(),
      hasGaps: ordered.some((row) => columns.some((column) => row[column] === undefined)),
    },
    needs,
  );
}

/** The numbers of a row's values; a missing one stands with the empty text. */
export const placesOf = (
  row: Row,
  order: readonly number[],
  dictionaries: ReadonlyMap<number, Dictionary>,
): readonly number[] => order.map((column) => dictionaries.get(column)?.place(row[column] ?? '') ?? 0);

/** Adds to how many rows have the values of a row. */
export function countUses(
  row: Row,
  uses: ReadonlyMap<number, number[]>,
  dictionaries: ReadonlyMap<number, Dictionary>,
  by: 1 | -1,
): void {
  for (const [column, counts] of uses) {
    const place = dictionaries.get(column)?.place(row[column] ?? '') ?? 0;
    counts[place] = (counts[place] ?? 0) + by;
  }
}

/** The orders of columns that clauses are indexed by: one for each, and clauses share them. */
export const orders = (clauses: readonly Clause[]): readonly (readonly number[])[] => [
  ...new Map(
    clauses
      .map((clause) => inOrder(clause).map(({ column }) => column))
      .filter((order) => order.length > 0)
      .map((order) => [order.join(), order] as const),
  ).values(),
];

const emptyFoundation = (clauses: readonly Clause[]): Foundation => ({
  clauses,
  rows: [],
  rowCount: 0,
  dictionaries: new Map(),
  indexes: new Map(
    orders(clauses).map((order) => [order.join(), new RowIndex(new Slab(), new Int32Array(0), order.length)]),
  ),
  uses: new Map(),
  patterns: new Map(),
  caches: new Map(),
  hasGaps: false,
});

/** Stock's own sorting, and so its own order where a priority is no number. */
const inPriority = (rows: readonly Row[], column: number): readonly Row[] =>
  rows.toSorted((a, b) => parseInt(a[column] ?? '', 10) - parseInt(b[column] ?? '', 10));
