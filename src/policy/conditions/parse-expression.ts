import jsep from 'jsep';
import { quote } from '../checks/report.ts';
import { ConditionRefused } from './condition-refused.ts';

// casbin's own parser is another copy of jsep: this operator is known to ours alone.
jsep.addBinaryOp('in', 7);

export type ExpressionNode = jsep.CoreExpression;

const maximumLength = 1_000;
const maximumDepth = 32;
const stringLiteral = /'[^']*'|"[^"]*"/g;
const oddCharacter = /[^A-Za-z0-9_.,()[\]!=<>&| -]/u;

/**
 * Parses one expression, alone, and nothing but one. The tree still has to be allow-listed.
 *
 * @throws {ConditionRefused} where it is not one expression.
 */
export function parseExpression(source: string): ExpressionNode {
  if (source.length > maximumLength) {
    throw new ConditionRefused(
      'condition-too-large',
      `The expression has ${source.length} characters.`,
      `Keep it under ${maximumLength}, or split the rule.`,
    );
  }
  if (source.includes('\\')) throw notSyntax('A backslash stands in it.', 'Write strings without escapes.');
  const bare = source.replace(stringLiteral, '0');
  const odd = oddCharacter.exec(bare)?.[0];
  if (odd !== undefined) {
    throw notSyntax(
      odd === "'" || odd === '"' ? 'A string is not closed.' : `${quote(odd)} stands in it.`,
      odd === "'" || odd === '"'
        ? 'Close it with the quote that opened it.'
        : 'Use names, literals, calls and && || ! == != < <= > >= in.',
    );
  }
  const tree = parseTree(source);
  const shape = measure(tree);
  if (shape.depth > maximumDepth) {
    throw new ConditionRefused(
      'condition-too-large',
      'The expression is nested too deep.',
      `Keep it under ${maximumDepth} levels.`,
    );
  }
  // jsep passes over commas that separate nothing: each one must stand between two arguments or elements.
  if (bare.split(',').length - 1 !== shape.commas)
    throw notSyntax('A comma separates nothing.', 'Delete it.');
  return tree;
}

const notSyntax = (message: string, remedy: string): ConditionRefused =>
  new ConditionRefused('condition-syntax', message, remedy);

function parseTree(source: string): ExpressionNode {
  try {
    return jsep(source) as ExpressionNode;
  } catch (error) {
    throw notSyntax(
      `It does not parse: ${error instanceof Error ? error.message : 'no expression'}.`,
      'Write one expression, with the operators && || ! == != < <= > >= in.',
    );
  }
}

/** Every node below, whatever its type. */
function childrenOf(node: ExpressionNode): readonly ExpressionNode[] {
  return Object.values(node)
    .flatMap((value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

const isNode = (value: unknown): value is ExpressionNode =>
  typeof value === 'object' && value !== null && 'type' in value;

function measure(node: ExpressionNode): { readonly depth: number; readonly commas: number } {
  const below = childrenOf(node).map(measure);
  const listed =
    node.type === 'CallExpression'
      ? node.arguments.length
      : node.type === 'ArrayExpression'
        ? node.elements.length
        : 0;
  return {
    depth: 1 + Math.max(0, ...below.map(({ depth }) => depth)),
    commas: Math.max(0, listed - 1) + below.reduce((sum, { commas }) => sum + commas, 0),
  };
}

/** `r.ctx.now` as `['r', 'ctx', 'now']`; `null` where the node is not a plain path of names. */
export function pathOf(node: ExpressionNode): readonly string[] | null {
  if (node.type === 'Identifier') return [node.name];
  if (node.type !== 'MemberExpression' || node.computed || node.optional === true) return null;
  const above = pathOf(node.object as ExpressionNode);
  const property = node.property as ExpressionNode;
  return above === null || property.type !== 'Identifier' ? null : [...above, property.name];
}
