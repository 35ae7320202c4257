import type { GraphQLResolveInfo, GraphQLScalarType } from 'graphql';
import type { Coordinate } from '../core/coordinate.ts';
import type { Context, Load } from './context.ts';
import type { GuardRules } from './guard/guard-rules.ts';

/** What answers a field. There is no check in it: by the time it runs, the guard has decided. */
export type FieldResolver<Services, Loaded> = (
  source: never,
  args: never,
  context: Context<Services, Loaded>,
  info: GraphQLResolveInfo,
) => unknown;

/** A field of Subscription: `subscribe` makes the events, `resolve` answers each of them. Both are guarded. */
export interface SubscriptionResolver<Services, Loaded> {
  readonly subscribe: FieldResolver<Services, Loaded>;
  readonly resolve?: FieldResolver<Services, Loaded>;
}

/** By type, then by field. A field that is left out is read from its parent, and guarded all the same. */
export type Resolvers<Services, Loaded> = Readonly<
  Record<
    string,
    | GraphQLScalarType
    | Readonly<Record<string, FieldResolver<Services, Loaded> | SubscriptionResolver<Services, Loaded>>>
  >
>;

/**
 * Finds many objects at once, by id; what does not exist is left out of the answer. Called once per request for all
 * the ids that were asked for together.
 */
export type Batch<Services, Loaded, Row> = (
  ids: readonly string[],
  context: Context<Services, Loaded>,
) => Promise<ReadonlyMap<string, Row>>;

/** GraphQL types and what a policy may know of them: everything that an app developer writes. */
export interface ModuleDefinition<Services, Loaded> {
  /** Lower case, unique: names the module in errors. */
  readonly name: string;
  /** SDL, or the URL of an SDL file: `new URL('./schema.graphql', import.meta.url)`. */
  readonly typeDefs: string | URL;
  readonly resolvers: Resolvers<Services, Loaded>;
  /**
   * What a policy may see of an object, by type: `{ Note: { owner: (note) => note.ownerId } }`. A record of functions,
   * so that the names are data and a misspelt one in a policy is refused. Pure and synchronous.
   */
  readonly facts?: Readonly<Record<string, Readonly<Record<string, (object: never) => unknown>>>>;
  /**
   * What a root field acts on: `{ 'Mutation.updateNote': { on: 'Note', load: (args, load) => load.note(args.id) } }`.
   * Loaded once, before the decision; the resolver gets it as its source and runs only where there is one.
   */
  readonly acts?: Readonly<
    Record<Coordinate, { readonly on: string; readonly load: (args: never, load: Load<Loaded>) => unknown }>
  >;
  /** The request's loaders, by the name that `load` has them under. One of another module is left out here. */
  readonly loaders?: { readonly [Name in keyof Loaded]?: Batch<Services, Loaded, Loaded[Name]> };
  /** Root fields that change who the rest of the operation acts as, and so stand alone in it. */
  readonly alone?: readonly Coordinate[];
}

declare const services: unique symbol;

/** A definition whose inner types are settled; what is left to say is which services its resolvers ask for. */
export interface Module<Services = never> {
  readonly name: string;
  readonly typeDefs: string | URL;
  readonly resolvers: Resolvers<never, never>;
  readonly guard: GuardRules;
  readonly [services]?: (services: Services) => void;
}

/** Types a module: `defineModule<{ notes: Notes }, { note: Note }>({ … })`. */
export function defineModule<Services, Loaded = object>(
  definition: ModuleDefinition<Services, Loaded>,
): Module<Services> {
  const { name, typeDefs, resolvers, facts = {}, acts = {}, loaders = {}, alone = [] } = definition;
  return {
    name,
    typeDefs,
    resolvers,
    guard: { facts, acts, loaders, alone } as GuardRules,
  };
}
