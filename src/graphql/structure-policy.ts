import type { GraphQLSchema } from 'graphql';
import { structuralTypes } from './structure.ts';

/**
 * The rows of `structure.csv`: every structural type of the schema, readable by everybody. With `without`, only those
 * that the other schema (the core's, which ships its own) does not have already.
 */
export function renderStructurePolicy(schema: GraphQLSchema, without?: GraphQLSchema): string {
  const rows = structuralTypes(schema)
    .map((type) => type.name)
    .filter((name) => without?.getType(name) === undefined)
    .sort()
    .map((name) => `p, everyone, ${name}.*, *, allow`);
  return ['# Generated: types that hold nothing that their parents did not give.', ...rows, ''].join('\n');
}
