import { partsOf, type Expression } from './expression.ts';
import { patternLanguages } from './matcher-functions.ts';

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '===', '!==', '<', '>', '<=', '>=', 'in']);
const predicates: ReadonlySet<string> = new Set([...patternLanguages, 'ipMatch']);

/** Whether it is true or false by its form. Other values mean something of their own to stock. */
export function isBoolean(
  node: Expression,
  roles: ReadonlyMap<string, unknown>,
  assumed: ReadonlySet<string>,
): boolean {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'boolean';
    case 'LogicalExpression':
      return isBoolean(node.left, roles, assumed) && isBoolean(node.right, roles, assumed);
    case 'BinaryExpression':
      return comparisons.has(node.operator);
    case 'UnaryExpression':
      return node.operator === '!';
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].every((part) => isBoolean(part, roles, assumed));
    case 'CallExpression': {
      const name = node.callee.type === 'Identifier' ? node.callee.name : '';
      return roles.has(name) || predicates.has(name) || assumed.has(name);
    }
    case 'Identifier':
    case 'ArrayExpression':
    case 'MemberExpression':
    case 'ThisExpression':
    case 'Compound':
      return false;
  }
}

/** Whether it looks at a column of the policy, or may. */
export const mentionsPolicy = (node: Expression, policyTokens: readonly string[]): boolean =>
  [...partsOf(node)].some(
    (part) =>
      part.type === 'ThisExpression' ||
      part.type === 'Compound' ||
      (part.type === 'Identifier' && policyTokens.includes(part.name)),
  );
