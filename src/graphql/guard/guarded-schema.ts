import type { GraphQLSchema } from 'graphql';
import type { Coordinate } from '../../core/coordinate.ts';
import type { GuardRules } from './guard-rules.ts';
import { createPreparedOperations, type PreparedOperations } from './prepared.ts';

declare const guarded: unique symbol;

/** A schema that has passed the guard: only `guardSchema` makes one, and nothing else can be served. */
export type GuardedSchema<Services = never> = GraphQLSchema & {
  readonly [guarded]: (services: Services) => void;
};

const guardKey = Symbol('portcullis.guard');

/** What the guard keeps of a schema. */
export interface Guard {
  readonly rules: GuardRules;
  /** Every coordinate; its place among them is the number by which the guard asks for what stands. */
  readonly coordinates: ReadonlySet<Coordinate>;
  readonly prepared: PreparedOperations;
}

type WithGuard = GraphQLSchema & { readonly extensions: { readonly [guardKey]?: Guard } };

export const isGuarded = (schema: GraphQLSchema): boolean => guardKey in schema.extensions;

/** For the guard alone. */
export function markGuarded<Services>(
  schema: GraphQLSchema,
  rules: GuardRules,
  coordinates: ReadonlySet<Coordinate>,
): GuardedSchema<Services> {
  const guard: Guard = { rules, coordinates, prepared: createPreparedOperations(schema) };
  schema.extensions = Object.freeze({ ...schema.extensions, [guardKey]: guard });
  return schema as GuardedSchema<Services>;
}

/** What the guard knows of the schema. Throws where it never passed the guard, whatever its type says. */
export const rulesOf = (schema: GraphQLSchema): GuardRules => guardOf(schema).rules;

/** Every coordinate of the schema, introspection's two in; always the same set, so that numbers are told apart by it. */
export const coordinatesOf = (schema: GraphQLSchema): ReadonlySet<Coordinate> => guardOf(schema).coordinates;

/** All that the guard keeps of the schema. Throws as `rulesOf` does. */
export function guardOf(schema: GraphQLSchema): Guard {
  const guard = (schema as WithGuard).extensions[guardKey];
  if (guard === undefined)
    throw new TypeError('This schema has not passed the guard: use buildGuardedSchema.');
  return guard;
}
