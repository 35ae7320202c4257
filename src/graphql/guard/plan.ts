import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Coordinate } from '../../core/coordinate.ts';

/** An operation with its actual variables, before anything of it runs. */
export interface Plan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A field that the operation would reach. One of an abstract type is reached at each type it may turn out to be. */
export interface ReachedField {
  readonly coordinate: Coordinate;
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
  /** The root field it lies under: itself, for one. */
  readonly root: Coordinate;
}

export const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );

/** Whether `@skip` and `@include` leave the selection in, with the actual variables. */
export function isIncluded(plan: Plan, node: SelectionNode): boolean {
  return (
    getDirectiveValues(GraphQLSkipDirective, node, plan.variables)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, plan.variables)?.['if'] !== false
  );
}

/** The coerced arguments of a field, as its resolver would get them. */
export const argumentsOf = (
  plan: Plan,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): Record<string, unknown> => getArgumentValues(field, node, plan.variables);

/** The definition of a field of a type, introspection's two root fields included; `null` for `__typename`. */
export function fieldOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | null {
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name] ?? null;
}

/** Every field that the operation can reach, `__typename` and the inside of introspection left out. */
export function reachedFields(plan: Plan): readonly ReachedField[] {
  const reached: ReachedField[] = [];
  const seen = new Map<SelectionSetNode, Set<string>>();
  const root = plan.schema.getRootType(plan.operation.operation);

  const enter = (type: GraphQLObjectType, selectionSet: SelectionSetNode, under: Coordinate | null): void => {
    const key = `${type.name} ${under ?? ''}`;
    const visited = seen.get(selectionSet) ?? new Set();
    if (visited.has(key)) return;
    seen.set(selectionSet, visited.add(key));
    for (const node of selectionSet.selections) {
      if (!isIncluded(plan, node)) continue;
      if (node.kind === Kind.FIELD) {
        enterField(type, node, under);
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? plan.fragments.get(node.name.value) : node;
      if (fragment !== undefined && applies(plan.schema, type, fragment.typeCondition?.name.value)) {
        enter(type, fragment.selectionSet, under);
      }
    }
  };

  const enterField = (type: GraphQLObjectType, node: FieldNode, under: Coordinate | null): void => {
    const field = fieldOf(plan.schema, type, node.name.value);
    if (field === null) return;
    const coordinate: Coordinate = `${type.name}.${field.name}`;
    reached.push({ coordinate, field, node, root: under ?? coordinate });
    if (node.selectionSet === undefined || field.name.startsWith('__')) return;
    for (const child of objectTypesOf(plan.schema, field.type))
      enter(child, node.selectionSet, under ?? coordinate);
  };

  if (root !== null && root !== undefined) enter(root, plan.operation.selectionSet, null);
  return reached;
}

function objectTypesOf(schema: GraphQLSchema, type: GraphQLOutputType): readonly GraphQLObjectType[] {
  const named = getNamedType(type);
  if (isObjectType(named)) return [named];
  return isAbstractType(named) ? schema.getPossibleTypes(named) : [];
}

function applies(schema: GraphQLSchema, type: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true;
  const named = schema.getType(condition);
  return isAbstractType(named) && schema.isSubType(named, type);
}
