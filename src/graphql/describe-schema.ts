import { isInterfaceType, isNonNullType, isObjectType } from 'graphql';
import type { Coordinate } from '../core/coordinate.ts';
import type { Declarations } from '../policy/declarations.ts';
import { coordinatesOf, rulesOf } from './guard/guarded-schema.ts';
import { introspectionOf } from './guard/introspection.ts';
import type { GuardedSchema } from './guard/guarded-schema.ts';

/** What a policy may name of a schema, as data: everything of `Declarations` but the attributes of accounts. */
export function describeSchema(schema: GuardedSchema): Omit<Declarations, 'attributes'> {
  const interfaceCoordinates = new Set<Coordinate>();
  const nonNull = new Set<Coordinate>();
  const args = new Map<Coordinate, readonly string[]>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields())) {
      const coordinate: Coordinate = `${type.name}.${field.name}`;
      if (!isObjectType(type)) interfaceCoordinates.add(coordinate);
      else if (isNonNullType(field.type)) nonNull.add(coordinate);
      args.set(
        coordinate,
        field.args.map((argument) => argument.name),
      );
    }
  }
  for (const [coordinate, names] of introspectionOf(schema)) {
    nonNull.add(coordinate);
    args.set(coordinate, names);
  }
  const rules = rulesOf(schema);
  return {
    schema: { coordinates: coordinatesOf(schema), interfaceCoordinates, nonNull },
    facts: Object.fromEntries(Object.entries(rules.facts).map(([type, facts]) => [type, Object.keys(facts)])),
    args,
    acts: new Map(Object.entries(rules.acts).map(([coordinate, act]) => [coordinate, act.on])),
  };
}
