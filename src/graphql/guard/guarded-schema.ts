import type { GraphQLSchema } from 'graphql';
import type { GuardRules } from './guard-rules.ts';

declare const guarded: unique symbol;

/** A schema that has passed the guard: only `guardSchema` makes one, and nothing else can be served. */
export type GuardedSchema<Services = never> = GraphQLSchema & {
  readonly [guarded]: (services: Services) => void;
};

const rulesKey = Symbol('portcullis.guard');

type WithRules = GraphQLSchema & { readonly extensions: { readonly [rulesKey]?: GuardRules } };

export const isGuarded = (schema: GraphQLSchema): boolean => rulesKey in schema.extensions;

/** For the guard alone. */
export function markGuarded<Services>(schema: GraphQLSchema, rules: GuardRules): GuardedSchema<Services> {
  schema.extensions = Object.freeze({ ...schema.extensions, [rulesKey]: rules });
  return schema as GuardedSchema<Services>;
}

/** What the guard knows of the schema. Throws where it never passed the guard, whatever its type says. */
export function rulesOf(schema: GraphQLSchema): GuardRules {
  const rules = (schema as WithRules).extensions[rulesKey];
  if (rules === undefined)
    throw new TypeError('This schema has not passed the guard: use buildGuardedSchema.');
  return rules;
}
