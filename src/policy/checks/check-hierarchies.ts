import { showProvenance, type Provenance } from '../rule.ts';
import type { PolicyUnderCheck } from './policy-under-check.ts';
import { fault, placeOf, type Report } from './report.ts';

interface Step {
  readonly from: string;
  readonly to: string;
  readonly provenance: Provenance;
}

/** Casbin follows no more than 10 steps, and says nothing. */
const maximumSteps = 10;

/** Groups in groups and permissions in permissions: no cycle, no chain that casbin would not follow to its end. */
export function checkHierarchies({ rows, coverage }: PolicyUnderCheck, report: Report): void {
  const memberships = rows.memberships.map(({ member, group, provenance }) => ({
    from: member,
    to: group,
    provenance,
  }));
  // Any group can be given to a user at run time: it is one step up already.
  checkHierarchy(
    memberships,
    (subject) => (subject.startsWith('user:') || subject === 'anonymous' ? 0 : 1),
    report,
  );
  checkHierarchy(
    coverage.map(({ member, permission, provenance }) => ({ from: member, to: permission, provenance })),
    () => 0,
    report,
  );
}

function checkHierarchy(steps: readonly Step[], startOf: (node: string) => number, report: Report): void {
  const heights = new Map<string, number>();
  const rest = peel(
    steps,
    ({ from }) => from,
    ({ to }) => to,
    ({ from, to }) => {
      const height = (heights.get(from) ?? startOf(from)) + 1;
      heights.set(to, Math.max(height, heights.get(to) ?? startOf(to)));
    },
  );
  for (const { from, to, provenance } of steps) {
    if ((heights.get(from) ?? startOf(from)) !== maximumSteps || rest.has(from)) continue;
    report.add(
      placeOf(provenance),
      fault('chain-too-deep', `${to} is more than ${maximumSteps} steps up.`, 'Make the chain shorter.'),
    );
  }
  const inCycles = steps.filter(({ from, to }) => rest.has(from) && rest.has(to));
  const loops = peel(
    inCycles,
    ({ to }) => to,
    ({ from }) => from,
    () => undefined,
  );
  const cycle = inCycles.filter(({ from, to }) => loops.has(from) && loops.has(to));
  for (const { from, to, provenance } of cycle) {
    const others = cycle.filter((step) => step.provenance !== provenance).slice(0, 3);
    const with_ =
      others.length === 0 ? '' : ` with ${others.map((step) => showProvenance(step.provenance)).join(', ')}`;
    report.add(
      placeOf(provenance),
      fault(
        'hierarchy-cycle',
        `${from} in ${to} is part of a cycle${with_}.`,
        'Delete one row of the cycle.',
      ),
    );
  }
}

/**
 * Takes away, again and again, what no remaining step leads to (Kahn's topological order), each step visited once.
 *
 * @returns The nodes that are left: those of cycles, and those behind them.
 */
function peel(
  steps: readonly Step[],
  near: (step: Step) => string,
  far: (step: Step) => string,
  visit: (step: Step) => void,
): ReadonlySet<string> {
  const outgoing = new Map<string, Step[]>();
  const waiting = new Map<string, number>();
  for (const step of steps) {
    const known = outgoing.get(near(step));
    if (known === undefined) outgoing.set(near(step), [step]);
    else known.push(step);
    waiting.set(far(step), (waiting.get(far(step)) ?? 0) + 1);
  }
  const left = new Set([...outgoing.keys(), ...waiting.keys()]);
  const free = [...left].filter((node) => !waiting.has(node));
  for (const node of free) {
    left.delete(node);
    for (const step of outgoing.get(node) ?? []) {
      visit(step);
      const count = (waiting.get(far(step)) ?? 0) - 1;
      waiting.set(far(step), count);
      if (count === 0) free.push(far(step));
    }
  }
  return left;
}
