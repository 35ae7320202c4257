import { getNamedType, getNullableType, isCompositeType, isListType, isObjectType, Kind } from 'graphql';
import type { FieldNode, GraphQLCompositeType, GraphQLField, SelectionSetNode } from 'graphql';
import { isStructural } from '../structure.ts';
import { argumentsOf, fieldOf, isIncluded, type Plan } from './plan.ts';

/** How many rows a list without `first` is taken for: nobody knows before it runs. */
const unpagedRows = 10;

/**
 * The number of fields that the operation could resolve at most, with its actual variables: a page counts `first` times
 * what is selected of it. (A rule over the document alone is blind to `first: $n`.)
 */
export function costOf(plan: Plan): number {
  const known = new Map<SelectionSetNode, number>();

  const costOfSet = (type: GraphQLCompositeType, selectionSet: SelectionSetNode): number => {
    const before = known.get(selectionSet);
    if (before !== undefined) return before;
    let cost = 0;
    for (const node of selectionSet.selections) {
      if (!isIncluded(plan, node)) continue;
      if (node.kind === Kind.FIELD) {
        cost += costOfField(type, node);
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? plan.fragments.get(node.name.value) : node;
      if (fragment === undefined) continue;
      const condition = plan.schema.getType(fragment.typeCondition?.name.value ?? type.name);
      cost += costOfSet(isCompositeType(condition) ? condition : type, fragment.selectionSet);
    }
    known.set(selectionSet, cost);
    return cost;
  };

  const costOfField = (type: GraphQLCompositeType, node: FieldNode): number => {
    if (node.selectionSet === undefined) return 1;
    const name = node.name.value;
    const field = isObjectType(type)
      ? fieldOf(plan.schema, type, name)
      : 'getFields' in type
        ? (type.getFields()[name] ?? null)
        : null;
    if (field === null || name.startsWith('__')) return 1;
    const child = getNamedType(field.type);
    return isCompositeType(child)
      ? 1 + rowsOf(plan, type, field, node) * costOfSet(child, node.selectionSet)
      : 1;
  };

  const root = plan.schema.getRootType(plan.operation.operation);
  return root === null || root === undefined ? 0 : costOfSet(root, plan.operation.selectionSet);
}

function rowsOf(
  plan: Plan,
  parent: GraphQLCompositeType,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): number {
  if (field.args.some((argument) => argument.name === 'first')) {
    const { first } = argumentsOf(plan, field, node);
    return typeof first === 'number' && first > 0 ? first : unpagedRows;
  }
  // A connection's edges were counted with the connection.
  return isListType(getNullableType(field.type)) && !isStructural(parent.name) ? unpagedRows : 1;
}
