import type { Clause, ColumnTest } from './analyse.ts';
import type { Evaluate } from './compile-expression.ts';
import type { RowIndex } from './row-index.ts';
import { nowhere, type Slab } from './slab.ts';
import type { Step } from './step.ts';

/** A clause with the index that finds its rows. */
export interface ClausePlan {
  readonly steps: readonly Step[];
  /** `null` where nothing is tested: every row. */
  readonly index: RowIndex | null;
  readonly gates: readonly Evaluate[];
  readonly isExact: boolean;
}

/** Columns in the order of the index: patterns first, whose values are found all at once; roles last, who are many. */
export const inOrder = ({ tests }: Clause): readonly ColumnTest[] =>
  tests.toSorted((a, b) => (weightOf(a) === weightOf(b) ? a.column - b.column : weightOf(a) - weightOf(b)));

const weightOf = ({ probes }: ColumnTest): number =>
  probes.some(({ kind }) => kind === 'pattern') ? 0 : probes.some(({ kind }) => kind === 'role') ? 2 : 1;

/** Whether the gates let the request through; `null` where one of them throws: the matcher alone knows whether it comes to that. */
export function passes({ gates }: ClausePlan, request: readonly unknown[]): boolean | null {
  try {
    return gates.every((gate) => gate(request, []) === true);
  } catch {
    return null;
  }
}

/** Tells where every stand is that what was read of a request leads to. */
export function visitStands(
  { steps, index }: ClausePlan,
  values: readonly string[],
  visit: (slab: Slab, stand: number) => void,
): void {
  if (index === null) return;
  const { slab } = index;
  const ids = steps.map((step) => step.find(values));
  const descend = (node: number, depth: number): void => {
    if (depth === steps.length) {
      visit(slab, node);
      return;
    }
    slab.visitCommon(node, ids[depth] ?? [], (child) => {
      descend(child, depth + 1);
    });
  };
  for (const id of ids[0] ?? []) {
    const root = index.root(id);
    if (root !== nowhere) descend(root, 1);
  }
}
