import type { ConditionScope } from './scope.ts';
import { ConditionFailed } from './condition-failed.ts';
import { ConditionRefused } from './condition-refused.ts';
import type { Operand } from './operand.ts';

type Predicate = (scope: ConditionScope) => boolean;

/** Two scalars of one type, `null` beside anything: JavaScript's own equality would call `['a'] == 'a'` true. */
function areEqual(left: unknown, right: unknown, literalNull: boolean): boolean {
  if (literalNull) return left === right;
  checkScalars(left, right);
  return left === right;
}

function checkScalars(left: unknown, right: unknown): void {
  const isScalar = typeof left === 'string' || typeof left === 'number' || typeof left === 'boolean';
  if (!isScalar || typeof left !== typeof right) {
    throw new ConditionFailed(`${nameType(left)} is compared with ${nameType(right)}.`);
  }
}

const nameType = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;

const orders: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/**
 * A comparison as a predicate. Different types fail; they are never converted and never just unequal.
 *
 * @returns `null` where the operator does not compare.
 * @throws {ConditionRefused} where the sides can already be seen to be of different types.
 */
export function compareOperands(operator: string, left: Operand, right: Operand): Predicate | null {
  if (operator === '==' || operator === '!=') {
    checkEqualKinds(left, right);
    checkForms(left, right);
    const literalNull = left.kind === 'null' || right.kind === 'null';
    const wanted = operator === '==';
    return (scope) => areEqual(left.read(scope), right.read(scope), literalNull) === wanted;
  }
  if (operator === 'in') {
    checkMembershipKinds(left, right);
    checkForms(left, right);
    return (scope) => isIn(left.read(scope), right.read(scope));
  }
  const compare = Object.hasOwn(orders, operator) ? orders[operator] : undefined;
  if (compare === undefined) return null;
  for (const { kind, text } of [left, right]) {
    if (kind !== 'number' && kind !== 'unknown')
      throw notOfOneType(`${text} is not a number`, `Compare numbers with ${operator}.`);
  }
  return (scope) => compare(readNumber(left, scope), readNumber(right, scope));
}

function readNumber(operand: Operand, scope: ConditionScope): number {
  const value = operand.read(scope);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new ConditionFailed(`${operand.text} is ${nameType(value)}, not a number.`);
}

function isIn(value: unknown, list: unknown): boolean {
  if (!Array.isArray(list)) throw new ConditionFailed(`The right side of "in" is ${nameType(list)}.`);
  for (const element of list as readonly unknown[]) checkScalars(value, element);
  return list.includes(value);
}

function checkEqualKinds(left: Operand, right: Operand): void {
  for (const { kind, literal, text } of [left, right]) {
    if (kind === 'strings' || Array.isArray(literal)) {
      throw notOfOneType(`${text} is a list`, 'Ask whether a list holds a value with "in".');
    }
  }
  const [a, b] = [left.kind, right.kind];
  const isOpen = a === 'unknown' || b === 'unknown' || a === 'null' || b === 'null';
  if (!isOpen && a !== b)
    throw notOfOneType(`${left.text} is a ${a} and ${right.text} a ${b}`, 'Compare values of one type.');
}

function checkMembershipKinds(left: Operand, right: Operand): void {
  const isList = right.kind === 'strings' || Array.isArray(right.literal);
  if (!isList && right.kind !== 'unknown')
    throw notOfOneType(`${right.text} is not a list`, 'Write a list on the right of "in".');
  const isScalar = left.kind !== 'strings' && left.kind !== 'null' && !Array.isArray(left.literal);
  if (!isScalar)
    throw notOfOneType(`${left.text} is not a single value`, 'Write a single value on the left of "in".');
  const elements = Array.isArray(right.literal) ? right.literal.map((element) => typeof element) : [];
  const of = right.kind === 'strings' ? ['string'] : elements;
  const odd = of.find((kind) => left.kind !== 'unknown' && kind !== left.kind);
  if (odd !== undefined)
    throw notOfOneType(
      `${left.text} is a ${left.kind} and ${right.text} holds a ${odd}`,
      'Compare values of one type.',
    );
}

function checkForms(left: Operand, right: Operand): void {
  for (const [{ form, text }, { literal }] of [
    [left, right],
    [right, left],
  ] as const) {
    const odd = [literal].flat().find((value) => typeof value === 'string' && form?.admits(value) === false);
    if (odd === undefined || form === undefined) continue;
    throw notOfOneType(`${text} never is or holds '${String(odd)}'`, `Write it like ${form.example}.`);
  }
}

const notOfOneType = (message: string, remedy: string): ConditionRefused =>
  new ConditionRefused('condition-types', `${message}.`, remedy);
