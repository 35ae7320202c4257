import { readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import {
  isObjectType,
  isScalarType,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  parse,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { OperatorError } from '../core/errors.ts';
import { noRules, type GuardRules } from './guard/guard-rules.ts';
import { guardSchema } from './guard/guard-schema.ts';
import type { GuardedSchema } from './guard/guarded-schema.ts';
import type { Module } from './module.ts';
import { findDataInStructure } from './structure.ts';

/**
 * One guarded schema of all modules. What two modules claim both, and what names nothing in the schema, is refused with
 * an OperatorError that lists every fault: neither may silently win over another, and a fact for a misspelt type would
 * be no fact.
 */
export function buildGuardedSchema<Services>(modules: readonly Module<Services>[]): GuardedSchema<Services> {
  const parsed = modules.map((module) => ({ ...module, document: parseTypeDefs(module) }));
  const clashes = [
    ...findFieldClashes(parsed),
    ...parsed.flatMap(findForeignResolvers),
    ...findRuleClashes(modules),
  ];
  if (clashes.length > 0) throw new OperatorError(clashes);
  const schema = makeExecutableSchema({
    typeDefs: parsed.map(({ document }) => document),
    resolvers: modules.map((module) => module.resolvers),
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
    assumeValidSDL: false,
  });
  const rules = modules.reduce((all, { guard }) => mergeRules(all, guard), noRules);
  const faults = [...findUnknownNames(schema, rules), ...findDataInStructure(schema)];
  if (faults.length > 0) throw new OperatorError(faults);
  return guardSchema<Services>(schema, rules);
}

const parseTypeDefs = ({ typeDefs }: Module): DocumentNode =>
  parse(typeof typeDefs === 'string' ? typeDefs : readFileSync(typeDefs, 'utf8'));

const mergeRules = (a: GuardRules, b: GuardRules): GuardRules => ({
  facts: { ...a.facts, ...b.facts },
  acts: { ...a.acts, ...b.acts },
  loaders: { ...a.loaders, ...b.loaders },
  alone: [...a.alone, ...b.alone],
});

/** Fields that two modules define: merging SDL would take one of them without a word. */
function findFieldClashes(parsed: readonly { name: string; document: DocumentNode }[]): readonly string[] {
  return findTwice(
    parsed.flatMap(({ name, document }) => fieldsOf(document).map((field) => [field, name])),
    'the field',
  );
}

function fieldsOf(document: DocumentNode): readonly string[] {
  return document.definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION
      ? (definition.fields ?? []).map((field) => `${definition.name.value}.${field.name.value}`)
      : [],
  );
}

/** Resolvers of what other modules define: of two for one field, one would win without a word. */
function findForeignResolvers({
  name,
  resolvers,
  document,
}: Pick<Module, 'name' | 'resolvers'> & { readonly document: DocumentNode }): readonly string[] {
  const types = document.definitions.flatMap((definition) =>
    isTypeDefinitionNode(definition) || isTypeExtensionNode(definition) ? [definition.name.value] : [],
  );
  const own = new Set([...types, ...fieldsOf(document)]);
  return Object.entries(resolvers)
    .flatMap(([type, resolver]) =>
      isScalarType(resolver)
        ? [type]
        : Object.keys(resolver).map((field) => (field.startsWith('__') ? type : `${type}.${field}`)),
    )
    .filter((resolved) => !own.has(resolved))
    .map(
      (resolved) =>
        `Module ${name} resolves ${resolved}, which it does not define: put the resolver into the module that does.`,
    );
}

function findRuleClashes(modules: readonly Module[]): readonly string[] {
  return (['facts', 'acts', 'loaders'] as const).flatMap((kind) =>
    findTwice(
      modules.flatMap(({ name, guard }) => Object.keys(guard[kind]).map((key) => [key, name])),
      kind,
    ),
  );
}

function findTwice(claims: readonly (readonly string[])[], what: string): readonly string[] {
  const owners = new Map<string, string>();
  return claims.flatMap(([key = '', module = '']) => {
    const owner = owners.get(key);
    owners.set(key, module);
    return owner === undefined
      ? []
      : [`Modules ${owner} and ${module} both define ${what} ${key}: keep one.`];
  });
}

function findUnknownNames(schema: GraphQLSchema, { facts, acts, alone }: GuardRules): readonly string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const isRootField = (coordinate: string): boolean =>
    roots.some((root) =>
      Object.keys(root?.getFields() ?? {}).some((name) => `${String(root)}.${name}` === coordinate),
    );
  return [
    ...Object.keys(facts)
      .filter((type) => !isObjectType(schema.getType(type)))
      .map((type) => `facts.${type}: the schema has no such object type.`),
    ...Object.entries(acts).flatMap(([coordinate, { on }]) => [
      ...(isRootField(coordinate) ? [] : [`acts.${coordinate}: the schema has no such root field.`]),
      ...(isObjectType(schema.getType(on)) ? [] : [`acts.${coordinate}: there is no object type ${on}.`]),
    ]),
    ...alone
      .filter((coordinate) => !isRootField(coordinate))
      .map((coordinate) => `alone: the schema has no root field ${coordinate}.`),
  ];
}
