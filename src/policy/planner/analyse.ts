import type { Expression } from './expression.ts';
import { isBoolean, mentionsPolicy } from './expression-traits.ts';
import { patternLanguages } from './matcher-functions.ts';
import type { PatternLanguage } from './patterns/pattern-language.ts';
import type { ModelShape } from './read-model.ts';

/** What a column is compared with: a value of the request, a member of one, or a string of the matcher. */
export type Operand =
  | { readonly kind: 'request'; readonly place: number }
  | { readonly kind: 'member'; readonly expression: Expression }
  | { readonly kind: 'constant'; readonly value: string };

/** How values of a column are found that go with a request. Exact where the request's values are strings. */
export type Probe =
  | { readonly kind: 'equals'; readonly operand: Operand }
  | {
      readonly kind: 'role';
      readonly role: string;
      readonly member: Operand;
      /** `null`: the definition's default domain. */
      readonly domain: Operand | null;
    }
  | { readonly kind: 'pattern'; readonly language: PatternLanguage; readonly text: Operand };

/** A column of the policy, and what its value may be: any of these. */
export interface ColumnTest {
  readonly column: number;
  readonly probes: readonly Probe[];
}

/** Rows that match: every test and every gate holds. What the matcher says is a union of such clauses. */
export interface Clause {
  readonly tests: readonly ColumnTest[];
  /** Parts that look at the request alone. */
  readonly gates: readonly Expression[];
  /** Whether nothing else was said: else each row that is found is asked of the whole matcher. */
  readonly isExact: boolean;
}

/** A role test whose domain is a column of the row: it counts where that column is compared with the request as well. */
interface OpenClause extends Clause {
  readonly openRoles: readonly {
    readonly column: number;
    readonly role: string;
    readonly member: Operand;
    readonly domainColumn: number;
  }[];
}

/** More clauses than these are not worth an index each: then the matcher is asked about every row. */
const mostClauses = 64;

/** @param assumed functions that are taken to hold: whoever asks looks at them */
export function analyse(shape: ModelShape, assumed: ReadonlySet<string> = new Set()): readonly Clause[] {
  const clauses = clausesOf(shape.matcher, { ...shape, assumed }).map(closeRoles);
  return isBoolean(shape.matcher, shape.roles, assumed)
    ? clauses
    : clauses.map((clause) => ({ ...clause, isExact: false }));
}

type Context = ModelShape & { readonly assumed: ReadonlySet<string> };

const everything: OpenClause = { tests: [], gates: [], isExact: true, openRoles: [] };

function clausesOf(node: Expression, context: Context): readonly OpenClause[] {
  if (node.type === 'LogicalExpression') {
    const [left, right] = [clausesOf(node.left, context), clausesOf(node.right, context)];
    const clauses =
      node.operator === '&&' ? left.flatMap((a) => right.map((b) => both(a, b))) : either(left, right);
    return clauses.length > mostClauses ? [{ ...everything, isExact: false }] : clauses;
  }
  return leafOf(node, context);
}

function both(a: OpenClause, b: OpenClause): OpenClause {
  const taken = new Set(a.tests.map(({ column }) => column));
  const more = b.tests.filter(({ column }) => !taken.has(column));
  return {
    tests: [...a.tests, ...more],
    gates: [...a.gates, ...b.gates],
    // A second test of a column is left to the matcher, unless it says the same.
    isExact:
      a.isExact &&
      b.isExact &&
      b.tests.every((test) => more.includes(test) || a.tests.some((other) => isSame(test, other))),
    openRoles: [...a.openRoles, ...b.openRoles],
  };
}

const isSame = (a: ColumnTest, b: ColumnTest): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Two that only test the same column are one test with the probes of both. */
function either(left: readonly OpenClause[], right: readonly OpenClause[]): readonly OpenClause[] {
  const joined = [...left];
  for (const clause of right) {
    const place = joined.findIndex((known) => canJoin(known, clause));
    const known = joined[place];
    if (known === undefined) joined.push(clause);
    else
      joined[place] = {
        ...known,
        isExact: known.isExact && clause.isExact,
        tests: known.tests.map((test, at) => ({
          column: test.column,
          probes: [...test.probes, ...(clause.tests[at]?.probes ?? [])],
        })),
      };
  }
  return joined;
}

const canJoin = (a: OpenClause, b: OpenClause): boolean =>
  [a, b].every(
    ({ tests, gates, openRoles }) => tests.length === 1 && gates.length + openRoles.length === 0,
  ) && a.tests[0]?.column === b.tests[0]?.column;

function leafOf(node: Expression, context: Context): readonly OpenClause[] {
  if (
    node.type === 'CallExpression' &&
    node.callee.type === 'Identifier' &&
    context.assumed.has(node.callee.name)
  )
    return [everything];
  const probed = probe(node, context);
  if (probed !== null) return probed;
  if (!mentionsPolicy(node, context.policyTokens) && isBoolean(node, context.roles, context.assumed))
    return [{ ...everything, gates: [node] }];
  return [{ ...everything, isExact: false }];
}

function probe(node: Expression, context: Context): readonly OpenClause[] | null {
  if (node.type === 'BinaryExpression') {
    if (node.operator === '==' || node.operator === '===') return equals(node.left, node.right, context);
    return node.operator === 'in' && node.right.type === 'ArrayExpression'
      ? isAmong(node.left, node.right.elements, context)
      : null;
  }
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return null;
  const { name } = node.callee;
  const arity = context.roles.get(name);
  if (arity !== undefined) return hasRole(name, node.arguments, context);
  const language = patternLanguages.find((known) => known === name);
  return language === undefined ? null : matchesPattern(language, node.arguments, context);
}

const test = (column: number, ...probes: Probe[]): readonly OpenClause[] => [
  { ...everything, tests: [{ column, probes }] },
];

function equals(left: Expression, right: Expression, context: Context): readonly OpenClause[] | null {
  for (const [own, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const [column, operand] = [columnOf(own, context), operandOf(other, context)];
    if (column !== null && operand !== null) return test(column, { kind: 'equals', operand });
  }
  return null;
}

/** `p.act in ("read", "write")`, `r.act in (p.act, "*")`: equal to one of them. */
function isAmong(
  node: Expression,
  elements: readonly Expression[],
  context: Context,
): readonly OpenClause[] | null {
  let clauses: readonly OpenClause[] = [];
  for (const element of elements) {
    const one = equals(node, element, context);
    if (one === null) return null;
    clauses = either(clauses, one);
  }
  return clauses.length === 0 ? null : clauses;
}

function hasRole(role: string, args: readonly Expression[], context: Context): readonly OpenClause[] | null {
  const [first, second, third] = args;
  if (first === undefined || second === undefined || args.length > 3) return null;
  const [member, column] = [operandOf(first, context), columnOf(second, context)];
  if (member === null || column === null) return null;
  if (third === undefined) return test(column, { kind: 'role', role, member, domain: null });
  const domain = operandOf(third, context);
  if (domain !== null) return test(column, { kind: 'role', role, member, domain });
  const domainColumn = columnOf(third, context);
  return domainColumn === null
    ? null
    : [{ ...everything, openRoles: [{ column, role, member, domainColumn }] }];
}

function matchesPattern(
  language: PatternLanguage,
  [first, second, ...rest]: readonly Expression[],
  context: Context,
): readonly OpenClause[] | null {
  if (first === undefined || second === undefined || rest.length > 0) return null;
  const [text, column] = [operandOf(first, context), columnOf(second, context)];
  return text === null || column === null ? null : test(column, { kind: 'pattern', language, text });
}

/** The row's domain is the request's where both must be equal. */
function closeRoles({ openRoles, ...clause }: OpenClause): Clause {
  let closed: Clause = clause;
  for (const { column, role, member, domainColumn } of openRoles) {
    const [domain, ...others] = closed.tests.find((each) => each.column === domainColumn)?.probes ?? [];
    const isFree = closed.tests.every((each) => each.column !== column);
    closed =
      domain?.kind === 'equals' && others.length === 0 && isFree
        ? {
            ...closed,
            tests: [
              ...closed.tests,
              { column, probes: [{ kind: 'role', role, member, domain: domain.operand }] },
            ],
          }
        : { ...closed, isExact: false };
  }
  return closed;
}

function columnOf(node: Expression, { policyTokens }: Context): number | null {
  const place = node.type === 'Identifier' ? policyTokens.indexOf(node.name) : -1;
  return place === -1 ? null : place;
}

function operandOf(node: Expression, context: Context): Operand | null {
  const { requestTokens, policyTokens } = context;
  if (node.type === 'Literal' && typeof node.value === 'string')
    return { kind: 'constant', value: node.value };
  if (node.type === 'MemberExpression')
    return isMember(node, context) ? { kind: 'member', expression: node } : null;
  if (node.type !== 'Identifier' || policyTokens.includes(node.name)) return null;
  const place = requestTokens.indexOf(node.name);
  return place === -1 ? null : { kind: 'request', place };
}

/** `r.obj.owner`: a member, by its name, of a value of the request. */
const isMember = (node: Expression, context: Context): boolean =>
  node.type === 'MemberExpression'
    ? !node.computed && isMember(node.object, context)
    : node.type === 'Identifier' &&
      context.requestTokens.includes(node.name) &&
      !context.policyTokens.includes(node.name);

/** Columns whose patterns an index holds, with their language. */
export const patternColumns = (
  clauses: readonly Clause[],
): readonly { readonly column: number; readonly language: PatternLanguage }[] =>
  clauses.flatMap(({ tests }) =>
    tests.flatMap(({ column, probes }) =>
      probes.flatMap((probe) => (probe.kind === 'pattern' ? [{ column, language: probe.language }] : [])),
    ),
  );
