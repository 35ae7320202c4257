import { patternColumns } from './analyse.ts';
import { assemble, type Foundation, type PlanNeeds } from './assemble.ts';
import type { Row } from './compile-expression.ts';
import { checkPatterns } from './check-patterns.ts';
import { effectAt } from './effects.ts';
import { checkNames } from './joined-names.ts';
import type { PlannedPolicy } from './planned-policy.ts';
import { buildPatternIndex } from './patterns/build-pattern-index.ts';
import { buildPolicy, countUses, orders, placesOf } from './policy-builder.ts';
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
  checkAdded(added, foundation, needs);
  if (added.length + removed.length === 0) return assemble(foundation, needs);
  if (isWorthRebuilding(foundation, added.length + removed.length))
    return rebuild(foundation, { added, removed }, needs);
  const { effectColumn } = needs.shape;
  const uses = new Map([...foundation.uses].map(([column, counts]) => [column, [...counts]]));
  const rows = foundation.rows.slice();
  const indexes = new Map(foundation.indexes);
  const ordered = orders(foundation.clauses);
  const setRows = (row: Row, change: (rows: readonly number[]) => readonly number[]): void => {
    for (const order of ordered) {
      const places = placesOf(row, order, foundation.dictionaries);
      const index = indexes.get(order.join()) as RowIndex;
      const numbers = change(index.rowsAt(places));
      indexes.set(
        order.join(),
        index.with(places, numbers, (number) => effectAt(rows[number] ?? row, effectColumn)),
      );
    }
  };

  let { rowCount } = foundation;
  for (const row of removed) {
    const gone = new Set(numbersOf(row, rows, foundation, ordered[0]));
    if (gone.size === 0) continue;
    for (const number of gone) countUses(rows[number] ?? row, uses, foundation.dictionaries, -1);
    setRows(row, (numbers) => numbers.filter((number) => !gone.has(number)));
    for (const number of gone) rows[number] = null;
    rowCount -= gone.size;
  }
  for (const row of added) {
    const number = rows.push(row) - 1;
    setRows(row, (numbers) => [...numbers, number]);
    countUses(row, uses, foundation.dictionaries, 1);
    rowCount += 1;
  }
  const hasGaps =
    foundation.hasGaps ||
    added.some((row) => [...foundation.dictionaries.keys()].some((column) => row[column] === undefined));
  return assemble({ ...foundation, rows, rowCount, indexes, uses, hasGaps }, needs);
}

/**
 * What would be refused is refused before anything is told of it: dictionaries are shared, and keep what they were told.
 * @throws PatternRefused, and Unplannable for a comma in a name where stock joins names with commas
 */
function checkAdded(added: readonly Row[], { clauses, dictionaries }: Foundation, needs: PlanNeeds): void {
  checkNames(added, needs.shape);
  checkPatterns(added, needs.shape, clauses);
  for (const { column, language } of patternColumns(clauses)) {
    const values = dictionaries.get(column);
    buildPatternIndex(
      language,
      added.map((row) => row[column] ?? '').filter((text) => values?.find(text) === undefined),
    );
  }
}

/** As many changes as these take as long as all rows do. */
const isWorthRebuilding = ({ rows, rowCount }: Foundation, changes: number): boolean =>
  (changes > 100 && changes * 200 > rowCount) || rows.length > rowCount * 2 + 1_000;

/** From the rows alone: nothing is kept of those that are gone. */
function rebuild({ rows }: Foundation, { added, removed }: RowChange, needs: PlanNeeds): PlannedPolicy {
  const gone = new Set(removed.map((row) => JSON.stringify(row)));
  const kept = rows.filter((row) => row !== null && !(gone.size > 0 && gone.has(JSON.stringify(row))));
  const work = buildPolicy([...(kept as readonly Row[]), ...added], needs);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
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
      : isKnown(row, order, dictionaries)
        ? (indexes.get(order.join())?.rowsAt(placesOf(row, order, dictionaries)) ?? [])
        : [];
  return [...among].filter((number) => isSame(rows[number], row));
}

/** Looking for a row teaches a dictionary nothing. */
const isKnown = (row: Row, order: readonly number[], dictionaries: Foundation['dictionaries']): boolean =>
  order.every((column) => dictionaries.get(column)?.find(row[column] ?? '') !== undefined);

const isSame = (a: Row | null | undefined, b: Row): boolean =>
  a !== null && a !== undefined && a.length === b.length && a.every((value, at) => value === b[at]);
