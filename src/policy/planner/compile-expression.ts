import { types } from 'node:util';
import { Util } from 'casbin';
import type { Expression } from './expression.ts';
import { Unplannable } from './unplannable.ts';

/** A row of the policy. A row with too few columns has no value in the others. */
export type Row = readonly (string | undefined)[];

/** What a part of a matcher comes to, for a request and a row. @throws whatever stock throws there */
export type Evaluate = (request: readonly unknown[], row: Row) => unknown;

export type MatcherFunction = (...args: never[]) => unknown;

export interface Names {
  /** The place of each token, `r_sub`, in the request, and of `p_sub` in a row. */
  readonly requestTokens: ReadonlyMap<string, number>;
  readonly policyTokens: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, MatcherFunction>;
  /** What `eval(p_rule)` stands for: the value of that column as an expression of its own. */
  readonly evaluateColumn: (column: number) => Evaluate;
}

type Binary = (left: never, right: never) => unknown;

/* eslint-disable eqeqeq -- They are the matcher's own operators: `==` is as loose there as in JavaScript. */
const binaries: Readonly<Record<string, Binary>> = {
  '==': (a: unknown, b: unknown) => a == b,
  '!=': (a: unknown, b: unknown) => a != b,
  '===': (a: unknown, b: unknown) => a === b,
  '!==': (a: unknown, b: unknown) => a !== b,
  '<': (a: number, b: number) => a < b,
  '>': (a: number, b: number) => a > b,
  '<=': (a: number, b: number) => a <= b,
  '>=': (a: number, b: number) => a >= b,
  '|': (a: number, b: number) => a | b,
  '^': (a: number, b: number) => a ^ b,
  '&': (a: number, b: number) => a & b,
  '<<': (a: number, b: number) => a << b,
  '>>': (a: number, b: number) => a >> b,
  '>>>': (a: number, b: number) => a >>> b,
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
  in: Util.customIn,
};
/* eslint-enable eqeqeq */

const unaries: Readonly<Record<string, (value: never) => unknown>> = {
  '-': (value: number) => -value,
  '+': (value: unknown) => Number(value),
  '~': (value: number) => ~value,
  '!': (value: unknown) => !isTruthy(value),
};

export const isTruthy = (value: unknown): boolean => Boolean(value);
/** Stock's own test, anchored as it is there: it refuses more than it means to. */
const forbiddenMember = /^__proto__|prototype|constructor$/;

/**
 * A tree as a closure that answers what stock's evaluator would. No text is run: a name that is neither a token nor a function
 * is not evaluated at all.
 * @throws Unplannable where it can't be one
 */
export function compileExpression(node: Expression, names: Names): Evaluate {
  switch (node.type) {
    case 'Literal': {
      const { value } = node;
      return () => value;
    }
    case 'Identifier':
      return compileName(node.name, names);
    case 'ArrayExpression': {
      const elements = node.elements.map((element) => compileExpression(element, names));
      return (request, row) => elements.map((element) => element(request, row));
    }
    case 'LogicalExpression':
      return compileLogical(
        node.operator,
        compileExpression(node.left, names),
        compileExpression(node.right, names),
      );
    case 'BinaryExpression': {
      const operate = binaries[node.operator] as ((a: unknown, b: unknown) => unknown) | undefined;
      if (operate === undefined || !Object.hasOwn(binaries, node.operator))
        throw new Unplannable(`the operator ${node.operator}`);
      const [left, right] = [compileExpression(node.left, names), compileExpression(node.right, names)];
      return (request, row) => operate(left(request, row), right(request, row));
    }
    case 'UnaryExpression': {
      const operate = unaries[node.operator] as ((value: unknown) => unknown) | undefined;
      if (operate === undefined) throw new Unplannable(`the operator ${node.operator}`);
      const argument = compileExpression(node.argument, names);
      return (request, row) => operate(argument(request, row));
    }
    case 'ConditionalExpression': {
      const [test, then, otherwise] = [node.test, node.consequent, node.alternate].map((part) =>
        compileExpression(part, names),
      ) as [Evaluate, Evaluate, Evaluate];
      return (request, row) => (isTruthy(test(request, row)) ? then(request, row) : otherwise(request, row));
    }
    case 'MemberExpression': {
      const read = compileMember(node, names);
      return (request, row) => read(request, row).value;
    }
    case 'CallExpression':
      return compileCall(node, names);
    case 'ThisExpression':
    case 'Compound':
      throw new Unplannable(node.type === 'Compound' ? 'several expressions in one' : '`this`');
  }
}

function compileName(name: string, { requestTokens, policyTokens }: Names): Evaluate {
  const [request, column] = [requestTokens.get(name), policyTokens.get(name)];
  if (column !== undefined) return (_request, row) => row[column];
  if (request !== undefined) return (values) => settled(values[request], name);
  throw new Unplannable(`the name ${name.replace('_', '.')}`);
}

const compileLogical = (operator: string, left: Evaluate, right: Evaluate): Evaluate =>
  operator === '&&'
    ? (request, row) => {
        const value = left(request, row);
        return isTruthy(value) ? right(request, row) : value;
      }
    : (request, row) => {
        const value = left(request, row);
        return isTruthy(value) ? value : right(request, row);
      };

/** A promise holds whatever it comes to: it must not be taken for a yes. */
function settled(value: unknown, what: string): unknown {
  if (types.isPromise(value))
    throw new Error(`A promise, where the matcher needs an answer at once: ${what.replace('_', '.')}.`);
  return value;
}

interface Member {
  readonly owner: unknown;
  readonly value: unknown;
}

function compileMember(
  { object, property, computed }: Extract<Expression, { type: 'MemberExpression' }>,
  names: Names,
): (request: readonly unknown[], row: Row) => Member {
  const owner = compileExpression(object, names);
  const name: Evaluate =
    computed || property.type !== 'Identifier'
      ? compileExpression(property, names)
      : (
          (text) => () =>
            text
        )(property.name);
  return (request, row) => {
    const from = owner(request, row);
    const key = name(request, row) as string;
    if (forbiddenMember.test(key)) throw new Error(`Access to the member ${key} is not allowed.`);
    return { owner: from, value: settled((from as Readonly<Record<string, unknown>>)[key], 'a member') };
  };
}

function compileCall(node: Extract<Expression, { type: 'CallExpression' }>, names: Names): Evaluate {
  const { callee } = node;
  if (callee.type === 'Identifier' && callee.name === 'eval') {
    const [argument] = node.arguments;
    const column = argument?.type === 'Identifier' ? names.policyTokens.get(argument.name) : undefined;
    if (column === undefined || node.arguments.length !== 1) throw new Unplannable('eval() of no column');
    return names.evaluateColumn(column);
  }
  const args = node.arguments.map((argument) => compileExpression(argument, names));
  const valuesOf = (request: readonly unknown[], row: Row): unknown[] => args.map((arg) => arg(request, row));
  if (callee.type === 'MemberExpression') {
    const read = compileMember(callee, names);
    return (request, row) => {
      const { owner, value } = read(request, row);
      return typeof value === 'function'
        ? settled(Reflect.apply(value, owner, valuesOf(request, row)), 'a method')
        : undefined;
    };
  }
  const called = callee.type === 'Identifier' ? names.functions.get(callee.name) : undefined;
  if (called === undefined)
    throw new Unplannable(`a call of ${callee.type === 'Identifier' ? callee.name : 'no name'}`);
  const answer = called as (...values: unknown[]) => unknown;
  const call = (...values: unknown[]): unknown => settled(answer(...values), 'a function of the matcher');
  const [first, second] = args;
  if (first !== undefined && second !== undefined && args.length === 2)
    return (request, row) => call(first(request, row), second(request, row));
  return (request, row) => call(...valuesOf(request, row));
}
