import type { Enforcer, PolicyChange } from './enforcer.ts';
import { changePolicy } from './change-policy.ts';
import { type PlanNeeds, type RoleSource } from './assemble.ts';
import type { MatcherFunction } from './compile-expression.ts';
import { inPieces } from './in-pieces.ts';
import { linkOf, loadRows } from './load-rows.ts';
import { matcherFunctions } from './matcher-functions.ts';
import type { PlannedPolicy } from './planned-policy.ts';
import { buildPolicy } from './policy-builder.ts';
import { readText, type PolicySource } from './policy-source.ts';
import { readModel, shapeOf } from './read-model.ts';
import type { Link, RoleGraph } from './role-graph.ts';

interface Needs {
  readonly model: PolicySource;
  readonly sources: readonly PolicySource[];
  readonly functions: Readonly<Record<string, MatcherFunction>>;
  readonly cachedNames: number;
}

type Graphs = ReadonlyMap<string, RoleGraph>;

/** @throws Unplannable where stock has to decide */
export async function openPlanned({ model, sources, functions, cachedNames }: Needs): Promise<Enforcer> {
  const shape = shapeOf(readModel(await readText(model)));
  const counts = { hits: 0, misses: 0 };
  const all = matcherFunctions(functions);
  const needsOf = (graphs: Graphs): PlanNeeds => ({
    shape,
    roles: (name) => sourceOf(graphs, name),
    functions: all,
    cachedNames,
    counts,
  });
  // Nothing is read for a model that can't be planned.
  buildPolicy([], needsOf(new Map())).next();
  const { rows, roles, irregular } = await loadRows(sources, shape);
  const policy = await inPieces(buildPolicy(rows, needsOf(roles)));

  const enforcerOf = (decider: PlannedPolicy, graphs: Graphs, odd: ReadonlySet<string>): Enforcer => ({
    enforceSync: (...request) => decider.enforce(request),
    enforce: (...request) => attempt(() => decider.enforce(request)),
    enforceExSync: (...request) => explained(decider, request),
    enforceEx: (...request) => attempt(() => explained(decider, request)),
    batchEnforce: (requests) => attempt(() => requests.map((request) => decider.enforce([...request]))),
    plan: { kind: 'planned' },
    cache: counts,
    with(change) {
      if (shape.priorityColumn !== null)
        throw new Error('The rows of a model with priorities have an order of their own: load them again.');
      const [added, removed] = [
        split(change.add ?? [], shape.roles),
        split(change.remove ?? [], shape.roles),
      ];
      const [unclear] = [...removed.links.keys()].filter(
        (kind) => odd.has(kind) || removed.irregular.has(kind),
      );
      if (unclear !== undefined)
        throw new Error(
          `Rows of ${unclear} have different numbers of values, and may say the same: load the policy again.`,
        );
      const changed = new Map(
        [...graphs].map(([name, graph]) => {
          const [more, less] = [added.links.get(name) ?? [], removed.links.get(name) ?? []];
          return [name, more.length + less.length === 0 ? graph : graph.with(more, less)];
        }),
      );
      const next = changePolicy(decider, { added: added.rows, removed: removed.rows }, needsOf(changed));
      return enforcerOf(next, changed, new Set([...odd, ...added.irregular]));
    },
  });
  return enforcerOf(policy, roles, irregular);
}

/** The graph itself: as long as it is the same, what was found in it holds. */
const sourceOf = (graphs: Graphs, name: string): RoleSource => graphs.get(name) ?? noRoles;

const noRoles: RoleSource = { reach: (name) => [name], hasLink: (name, role) => name === role };

function explained(decider: PlannedPolicy, request: readonly unknown[]): [boolean, string[]] {
  const { allowed, row } = decider.decide(request);
  return [allowed, [...decider.row(row)]];
}

// eslint-disable-next-line @typescript-eslint/require-await -- It rejects where the answer throws.
const attempt = async <Answer>(answer: () => Answer): Promise<Answer> => answer();

/** @throws Error for a kind that the model does not define */
function split(rows: NonNullable<PolicyChange['add']>, roles: ReadonlyMap<string, number>) {
  const links = new Map<string, Link[]>();
  const policies: (readonly string[])[] = [];
  const irregular = new Set<string>();
  for (const [kind = '', ...values] of rows) {
    if (kind === 'p') {
      policies.push(values);
      continue;
    }
    const link = linkOf({ kind, values }, roles);
    if (link === null) throw new Error(refusalOf(kind, roles));
    if (values.length !== roles.get(kind)) irregular.add(kind);
    const known = links.get(kind);
    if (known === undefined) links.set(kind, [link]);
    else known.push(link);
  }
  return { rows: policies, links, irregular };
}

const refusalOf = (kind: string, roles: ReadonlyMap<string, number>): string =>
  roles.has(kind)
    ? `A row of ${kind} needs two values, a name and a role.`
    : `A row begins with ${JSON.stringify(kind)}: this model has ${['p', ...roles.keys()].join(', ')}.`;
