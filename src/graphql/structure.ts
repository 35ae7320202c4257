import {
  getNamedType,
  isCompositeType,
  isObjectType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/**
 * Types that only hold others together: they hold nothing that their parents did not give, so everybody may read them,
 * and what they hold decides for itself. Known by name, and refused at build where they hold more.
 */
const shapes: readonly { readonly ending: RegExp; readonly fields: readonly string[] | 'objects' }[] = [
  { ending: /^PageInfo$/, fields: ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'] },
  { ending: /.Connection$/, fields: ['edges', 'nodes', 'pageInfo'] },
  { ending: /.Edge$/, fields: ['node', 'cursor'] },
  { ending: /.Payload$/, fields: 'objects' },
];

/** Whether a type is structure by its name: `PageInfo`, `…Connection`, `…Edge`, `…Payload`. */
export const isStructural = (type: string): boolean => shapes.some(({ ending }) => ending.test(type));

/** Every structural type of a schema. */
export const structuralTypes = (schema: GraphQLSchema): readonly GraphQLObjectType[] =>
  Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && isStructural(type.name),
  );

/** One sentence for each field of a structural type that holds data of its own. */
export function findDataInStructure(schema: GraphQLSchema): readonly string[] {
  return structuralTypes(schema).flatMap((type) => {
    const shape = shapes.find(({ ending }) => ending.test(type.name));
    return Object.values(type.getFields())
      .filter((field) =>
        shape?.fields === 'objects'
          ? !isCompositeType(getNamedType(field.type))
          : shape?.fields.includes(field.name) !== true,
      )
      .map(
        (field) =>
          `${type.name}.${field.name}: a type of this name is readable by everybody and must hold no data of its own. ` +
          'Put the field on the object, or give the type another name.',
      );
  });
}
