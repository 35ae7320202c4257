import type { Clause, ColumnTest, Operand, Probe } from './analyse.ts';
import type { Evaluate } from './compile-expression.ts';
import { visitCommon } from './level.ts';
import { Stand, type Node, type RowIndex } from './row-index.ts';
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

/** Places of the request that probes compare as strings. */
export const comparedPlaces = (clauses: readonly Clause[]): readonly number[] => [
  ...new Set(
    clauses.flatMap(({ tests }) =>
      tests.flatMap(({ probes }) =>
        probes
          .flatMap(operandsOf)
          .filter((operand) => operand.kind === 'request')
          .map(({ place }) => place),
      ),
    ),
  ),
];

function operandsOf(probe: Probe): readonly Operand[] {
  switch (probe.kind) {
    case 'equals':
      return [probe.operand];
    case 'pattern':
      return [probe.text];
    case 'role':
      return probe.domain === null ? [probe.member] : [probe.member, probe.domain];
  }
}

/** Whether the gates let the request through; `null` where one of them throws: the matcher alone knows whether it comes to that. */
export function passes({ gates }: ClausePlan, request: readonly unknown[]): boolean | null {
  try {
    return gates.every((gate) => gate(request, []) === true);
  } catch {
    return null;
  }
}

/** Tells every stand that the request leads to. */
export function visitStands(
  { steps, index }: ClausePlan,
  request: readonly unknown[],
  visit: (stand: Stand) => void,
): void {
  if (index === null) return;
  const ids = steps.map((step) => step.find(request));
  const descend = (node: Node, depth: number): void => {
    if (node instanceof Stand) {
      visit(node);
      return;
    }
    visitCommon(node, ids[depth] ?? [], (child) => {
      descend(child, depth + 1);
    });
  };
  for (const id of ids[0] ?? []) {
    const root = index.roots[id];
    if (root !== undefined) descend(root, 1);
  }
}
