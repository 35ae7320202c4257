import type { GraphQLSchema } from 'graphql';
import type { Coordinate } from '../../core/coordinate.ts';

/** The two fields that introspection begins at, which belong to no schema's own types, with the names of their arguments. */
export function introspectionOf(
  schema: GraphQLSchema,
): readonly (readonly [coordinate: Coordinate, args: readonly string[]])[] {
  const query = schema.getQueryType()?.name ?? 'Query';
  return [
    [`${query}.__schema`, []],
    [`${query}.__type`, ['name']],
  ];
}
