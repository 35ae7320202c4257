import { ConditionRefused } from '../conditions/condition-refused.ts';
import { parseExpression, pathOf, type ExpressionNode } from '../conditions/parse-expression.ts';
import { fault, type Fault } from '../checks/report.ts';

const required = ['g(r.sub, p.sub)', 'when(p.cond, p.eft, r.ctx)'];
const calls = new Set([...required, 'g2(r.obj, p.obj)', 'keyMatch(r.obj, p.obj)']);
const columns = new Set(['sub', 'obj', 'act']);
const literal = /^"[A-Za-z0-9_.:*@+-]*"$/;

/**
 * The matcher in canonical spelling. Casbin evaluates what stands there as code, so its tree is allow-listed: `&&`, `||`,
 * `!`, the four calls, and `==` or `!=` between a column of the request and the same of the rule, or a string.
 */
export function parseMatcher(text: string): string | Fault {
  try {
    const tree = parseExpression(text);
    const conjuncts = conjunctsOf(tree).map(renderMatcher);
    const missing = required.find((conjunct) => !conjuncts.includes(conjunct));
    if (missing !== undefined) {
      throw refused(`${missing} does not have to hold.`, `Make ${missing} one of the parts that && joins.`);
    }
    for (const column of ['obj', 'act']) {
      const compares = conjuncts.some(
        (conjunct) => mentions(conjunct, `r.${column}`) && mentions(conjunct, `p.${column}`),
      );
      if (!compares)
        throw refused(
          `r.${column} is not compared with p.${column}.`,
          'Compare both, as the default model does.',
        );
    }
    if (conjuncts.some((conjunct) => !required.includes(conjunct) && /\bwhen\(|\bg\(/.test(conjunct))) {
      throw refused('g and when stand inside another part too.', 'Write each once, joined by &&.');
    }
    return conjuncts.join(' && ');
  } catch (error) {
    if (error instanceof ConditionRefused) return fault('model-matcher', error.message, error.fault.remedy);
    throw error;
  }
}

const refused = (message: string, remedy: string): ConditionRefused =>
  new ConditionRefused('model-matcher', message, remedy);

const mentions = (conjunct: string, name: string): boolean => conjunct.replace(/"[^"]*"/g, '').includes(name);

const conjunctsOf = (node: ExpressionNode): readonly ExpressionNode[] =>
  node.type === 'BinaryExpression' && node.operator === '&&'
    ? [...conjunctsOf(node.left as ExpressionNode), ...conjunctsOf(node.right as ExpressionNode)]
    : [node];

/** A node that is true or false by its form, in the spelling that casbin gets. */
function renderMatcher(node: ExpressionNode): string {
  if (node.type === 'UnaryExpression' && node.operator === '!')
    return `!(${renderMatcher(node.argument as ExpressionNode)})`;
  if (node.type === 'CallExpression') return renderCall(node);
  if (node.type === 'BinaryExpression') {
    const [left, right] = [node.left as ExpressionNode, node.right as ExpressionNode];
    if (node.operator === '&&' || node.operator === '||')
      return `(${renderMatcher(left)} ${node.operator} ${renderMatcher(right)})`;
    if (node.operator === '==' || node.operator === '!=') return renderComparison(node.operator, left, right);
  }
  throw refused(
    'A part of it is neither a comparison nor a known call.',
    'Take the matcher of the default model.',
  );
}

function renderCall(node: Extract<ExpressionNode, { type: 'CallExpression' }>): string {
  const names = [node.callee, ...node.arguments].map(
    (part) => pathOf(part as ExpressionNode)?.join('.') ?? '?',
  );
  const call = `${names[0] ?? '?'}(${names.slice(1).join(', ')})`;
  if (calls.has(call) && node['optional'] !== true) return call;
  throw refused(`It calls ${call}.`, `Call only ${[...calls].join(', ')}.`);
}

function renderComparison(operator: string, left: ExpressionNode, right: ExpressionNode): string {
  const sides = [left, right].map(renderSide);
  const [a, b] = sides.map(({ column }) => column);
  const isOwn = a === undefined || b === undefined ? a !== b : a === b && sides[0]?.text !== sides[1]?.text;
  if (isOwn) return sides.map(({ text }) => text).join(` ${operator} `);
  throw refused(
    `It compares ${sides.map(({ text }) => text).join(' with ')}.`,
    'Compare a column of the request with the same column of the rule, or with a string.',
  );
}

/** `r.obj`, `p.obj` and their like, with the column; or a double-quoted string. */
function renderSide(node: ExpressionNode): { readonly text: string; readonly column?: string } {
  if (node.type === 'Literal' && literal.test(node.raw)) return { text: node.raw };
  const path = pathOf(node);
  const [token, column] = path ?? [];
  if (path?.length === 2 && (token === 'r' || token === 'p') && column !== undefined && columns.has(column)) {
    return { text: path.join('.'), column };
  }
  throw refused(
    'It compares something that is neither a column nor a double-quoted string.',
    'Compare r.obj, r.act and their like.',
  );
}
