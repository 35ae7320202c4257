import { createRequire } from 'node:module';
import { Util } from 'casbin';

/** What of `@casbin/expression-eval` is used. Not imported: its types declare an old jsep, for everybody. */
interface Evaluation {
  parse(expression: string): unknown;
  addBinaryOp(operator: string, precedence: number, operate: (left: never, right: never) => unknown): void;
}
const evaluation = createRequire(import.meta.url)('@casbin/expression-eval') as Evaluation;

/** The tree of a matcher, as stock Casbin's own parser makes it. */
export type Expression =
  | { readonly type: 'Identifier'; readonly name: string }
  | { readonly type: 'Literal'; readonly value: string | number | boolean | null; readonly raw: string }
  | { readonly type: 'ArrayExpression'; readonly elements: readonly Expression[] }
  | {
      readonly type: 'BinaryExpression' | 'LogicalExpression';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: 'UnaryExpression'; readonly operator: string; readonly argument: Expression }
  | {
      readonly type: 'CallExpression';
      readonly callee: Expression;
      readonly arguments: readonly Expression[];
    }
  | {
      readonly type: 'MemberExpression';
      readonly computed: boolean;
      readonly object: Expression;
      readonly property: Expression;
    }
  | {
      readonly type: 'ConditionalExpression';
      readonly test: Expression;
      readonly consequent: Expression;
      readonly alternate: Expression;
    }
  | { readonly type: 'ThisExpression' | 'Compound' };

/**
 * Parses what stock would evaluate: a matcher whose dots are escaped already, `r_sub` and not `r.sub`.
 * @throws Error where it does not parse
 */
export function parseExpression(escaped: string): Expression {
  // Its precedence is stock's: that of `||`.
  evaluation.addBinaryOp('in', 1, Util.customIn);
  return evaluation.parse(Util.bracketCompatible(escaped)) as Expression;
}

/** A tree's parts, itself first. What is only a member's name is none. */
export function* partsOf(node: Expression): Generator<Expression> {
  yield node;
  for (const child of childrenOf(node)) yield* partsOf(child);
}

function childrenOf(node: Expression): readonly Expression[] {
  switch (node.type) {
    case 'ArrayExpression':
      return node.elements;
    case 'LogicalExpression':
    case 'BinaryExpression':
      return [node.left, node.right];
    case 'UnaryExpression':
      return [node.argument];
    case 'ConditionalExpression':
      return [node.test, node.consequent, node.alternate];
    case 'MemberExpression':
      return node.computed ? [node.object, node.property] : [node.object];
    case 'CallExpression':
      return [node.callee, ...node.arguments];
    case 'Identifier':
    case 'Literal':
    case 'ThisExpression':
    case 'Compound':
      return [];
  }
}

export interface Call {
  readonly name: string;
  readonly arguments: readonly Expression[];
}

/** Every call of a function by its name. */
export const callsIn = (node: Expression): readonly Call[] =>
  [...partsOf(node)].flatMap((part) =>
    part.type === 'CallExpression' && part.callee.type === 'Identifier'
      ? [{ name: part.callee.name, arguments: part.arguments }]
      : [],
  );
