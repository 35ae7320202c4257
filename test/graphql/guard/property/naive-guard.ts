import { makeExecutableSchema } from '@graphql-tools/schema';
import {
  defaultFieldResolver,
  execute,
  GraphQLError,
  isNonNullType,
  isObjectType,
  parse,
  type GraphQLSchema,
} from 'graphql';
import type { Coordinate } from '../../../../src/core/coordinate.ts';
import type { RandomDocument } from './random-document.ts';

export type Asked = (coordinate: Coordinate, args: Record<string, unknown>, object: unknown) => boolean;

/** What a caller sees of an answer, and which resolvers ran. */
export interface Seen {
  readonly data: unknown;
  /** Denied fields, with how often. */
  readonly denied: Readonly<Record<string, number>>;
  /** Paths of other errors. */
  readonly failed: readonly string[];
}

/** A schema that asks at every field, each time, in the plainest way: what the guard must come to. */
export function guardNaively(
  typeDefs: string,
  resolvers: Parameters<typeof makeExecutableSchema>[0]['resolvers'] & object,
  asked: Asked,
): GraphQLSchema {
  const schema = makeExecutableSchema({ typeDefs, resolvers });
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = field.resolve ?? defaultFieldResolver;
      const coordinate: Coordinate = `${type.name}.${field.name}`;
      field.resolve = (source: unknown, args: Record<string, unknown>, context: Denied, info) => {
        if (asked(coordinate, args, type.name === 'Query' ? null : source))
          return resolve(source, args, context, info);
        context[coordinate] = (context[coordinate] ?? 0) + 1;
        if (!isNonNullType(field.type)) return null;
        throw new GraphQLError('denied', { extensions: { isDenied: true } });
      };
    }
  }
  return schema;
}

type Denied = Record<string, number>;

export async function askNaively(
  schema: GraphQLSchema,
  { source, variables }: RandomDocument,
): Promise<Seen> {
  const denied: Denied = {};
  const answer = await execute({
    schema,
    document: parse(source),
    variableValues: variables,
    contextValue: denied,
  });
  const others = (answer.errors ?? []).filter(({ extensions }) => extensions['isDenied'] !== true);
  return { data: answer.data, denied, failed: pathsOf(others) };
}

export const pathsOf = (errors: readonly { readonly path?: readonly (string | number)[] | undefined }[]) =>
  errors.map(({ path }) => (path ?? []).join('.')).sort();
