import type { Declarations } from '../declarations.ts';
import type { CompiledCondition, ConditionScope } from '../loaded-policy.ts';
import type { Fault } from '../checks/report.ts';
import { compileComparison } from './compare.ts';
import { ConditionRefused } from './condition-refused.ts';
import { conditionFunctions } from './functions/registry.ts';
import { compileOperand, type Scribe } from './operand.ts';
import { parseExpression, pathOf, type ExpressionNode } from './parse-expression.ts';

type Predicate = (scope: ConditionScope) => boolean;

/** A condition, and the names in it that only its rules can judge. */
export interface ConditionUnit {
  readonly condition: CompiledCondition;
  /** Members of `r.ctx.args` and `r.ctx.object` that it reads. */
  readonly args: ReadonlySet<string>;
  readonly facts: ReadonlySet<string>;
  /** Methods that it names in `via`. */
  readonly methods: ReadonlySet<string>;
  /** Groups that it names, as `group:<name>`. */
  readonly groups: ReadonlySet<string>;
}

/** From source text to closures. No text is ever run: what is not in the allow-list is refused. Never throws. */
export function compileCondition(
  source: string,
  { attributes }: Pick<Declarations, 'attributes'>,
): ConditionUnit | Fault {
  const scribe: Scribe = {
    attributes,
    args: new Set(),
    facts: new Set(),
    stepUpCalls: new Set(),
    methods: new Set(),
    groups: new Set(),
  };
  try {
    const evaluate = compilePredicate(parseExpression(source), scribe);
    return {
      condition: {
        source,
        usesArgs: scribe.args.size > 0,
        usesObject: scribe.facts.size > 0,
        stepUpCalls: [...scribe.stepUpCalls],
        evaluate,
      },
      args: scribe.args,
      facts: scribe.facts,
      methods: scribe.methods,
      groups: scribe.groups,
    };
  } catch (error) {
    if (error instanceof ConditionRefused) return error.fault;
    throw error;
  }
}

/** A node that is true or false by its form. */
function compilePredicate(node: ExpressionNode, scribe: Scribe): Predicate {
  if (node.type === 'UnaryExpression' && node.operator === '!') {
    const inner = compilePredicate(node.argument as ExpressionNode, scribe);
    return (scope) => !inner(scope);
  }
  if (node.type === 'CallExpression') return compileCall(node, scribe);
  if (node.type === 'BinaryExpression') return compileBinary(node, scribe);
  throw new ConditionRefused(
    'condition-not-boolean',
    node.type === 'Compound'
      ? 'It is not one expression.'
      : `A ${nameNode(node)} stands where only true or false can.`,
    'Write a comparison, such as r.ctx.object.shared == true, or a call of a registered function.',
  );
}

function compileBinary(
  node: Extract<ExpressionNode, { type: 'BinaryExpression' }>,
  scribe: Scribe,
): Predicate {
  const left = node.left as ExpressionNode;
  const right = node.right as ExpressionNode;
  if (node.operator === '&&' || node.operator === '||') {
    const first = compilePredicate(left, scribe);
    const second = compilePredicate(right, scribe);
    return node.operator === '&&'
      ? (scope) => first(scope) && second(scope)
      : (scope) => first(scope) || second(scope);
  }
  const comparison = compileComparison(
    node.operator,
    compileOperand(left, scribe),
    compileOperand(right, scribe),
  );
  if (comparison !== null) return comparison;
  throw new ConditionRefused(
    'condition-syntax',
    `The operator ${node.operator} is not one of a condition.`,
    'Use && || ! == != < <= > >= in.',
  );
}

function compileCall(node: Extract<ExpressionNode, { type: 'CallExpression' }>, scribe: Scribe): Predicate {
  const path = pathOf(node.callee as ExpressionNode);
  const called = path?.length === 1 ? conditionFunctions.get(path[0] ?? '') : undefined;
  if (called === undefined || node['optional'] === true) {
    throw new ConditionRefused(
      'condition-function',
      `${path === null ? 'What is called' : path.join('.')} is not a registered function.`,
      `Call one of ${[...conditionFunctions.keys()].join(', ')}.`,
    );
  }
  const [context, ...rest] = node.arguments as ExpressionNode[];
  if (context === undefined || pathOf(context)?.join('.') !== 'r.ctx') {
    throw new ConditionRefused(
      'condition-function',
      `The first argument of ${called.name} is not r.ctx.`,
      `Write it like ${called.example}.`,
    );
  }
  const operands = rest.map((argument) => compileOperand(argument, scribe));
  const predicate = called.compile(operands, scribe);
  if (called.stepUp) {
    scribe.stepUpCalls.add(`${called.name}(${['r.ctx', ...operands.map(({ text }) => text)].join(', ')})`);
  }
  return predicate;
}

const nameNode = ({ type }: ExpressionNode): string =>
  type
    .replace(/Expression$/, '')
    .replace(/\B[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
