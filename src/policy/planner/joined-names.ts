import type { Row } from './compile-expression.ts';
import type { Expression } from './expression.ts';
import type { ModelShape } from './read-model.ts';
import { Unplannable } from './unplannable.ts';

/** @throws Unplannable where a row has such a name, in a model that can come to it */
export function checkNames(rows: readonly Row[], shape: ModelShape): void {
  if (joinsNames(shape) && rows.some((row) => row.some((value) => value?.includes(',') === true)))
    throw new Unplannable('a comma in a name, where stock joins names with commas');
}

/**
 * Within one request stock remembers roles by their names joined with commas: `g("a", "b,c", "d")` is taken for
 * `g("a", "b", "c,d")`. Whether a model can come to that: it asks of one role definition in several ways, or with several
 * columns of a row.
 */
function joinsNames({ matcher, roles, policyTokens }: ModelShape): boolean {
  const seen = new Map<string, string>();
  const clash = (node: Expression): boolean => {
    switch (node.type) {
      case 'CallExpression': {
        const name = node.callee.type === 'Identifier' ? node.callee.name : '';
        if (roles.has(name)) {
          const text = JSON.stringify(node.arguments);
          const columns = node.arguments.filter(
            (argument) => argument.type === 'Identifier' && policyTokens.includes(argument.name),
          );
          if (columns.length > 1 || (seen.get(name) ?? text) !== text) return true;
          seen.set(name, text);
        }
        return node.arguments.some(clash) || clash(node.callee);
      }
      case 'LogicalExpression':
      case 'BinaryExpression':
        return clash(node.left) || clash(node.right);
      case 'UnaryExpression':
        return clash(node.argument);
      case 'ConditionalExpression':
        return clash(node.test) || clash(node.consequent) || clash(node.alternate);
      case 'ArrayExpression':
        return node.elements.some(clash);
      case 'MemberExpression':
        return clash(node.object) || clash(node.property);
      case 'Identifier':
      case 'Literal':
      case 'ThisExpression':
      case 'Compound':
        return false;
    }
  };
  return clash(matcher);
}
