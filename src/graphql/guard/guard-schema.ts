import {
  defaultFieldResolver,
  isNonNullType,
  isObjectType,
  responsePathAsArray,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import type { Coordinate } from '../../core/coordinate.ts';
import { PortcullisError } from '../../core/errors.ts';
import type { Decision, DecisionContext } from '../../policy/decision.ts';
import { askAhead, askFor } from './ask.ts';
import type { Act, GuardRules } from './guard-rules.ts';
import { noRules } from './guard-rules.ts';
import { introspectionOf } from './introspection.ts';
import { isGuarded, markGuarded, type GuardedSchema } from './guarded-schema.ts';
import { OperationContext } from './operation-context.ts';

type Resolve = GraphQLFieldResolver<unknown, unknown, Record<string, unknown>>;

/**
 * Puts the guard before every field of every object type, default resolvers and `subscribe` included, in place: no
 * unguarded copy is left, and the fields are frozen. What comes back is executed by `executeGuarded` alone.
 */
export function guardSchema<Services>(
  schema: GraphQLSchema,
  rules: Partial<GuardRules> = {},
): GuardedSchema<Services> {
  if (isGuarded(schema)) return schema as GuardedSchema<Services>;
  const all = { ...noRules, ...rules };
  const coordinates = new Set<Coordinate>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const coordinate: Coordinate = `${type.name}.${field.name}`;
      const place = { coordinate, number: coordinates.size, mayBeNull: !isNonNullType(field.type) };
      coordinates.add(coordinate);
      guardField(field, type, rootKind(schema, type), all.acts[coordinate], place);
      Object.freeze(field);
    }
    Object.freeze(type.getFields());
  }
  for (const [coordinate] of introspectionOf(schema)) coordinates.add(coordinate);
  return markGuarded<Services>(schema, all, coordinates);
}

/** A field, as the guard asks for it. */
interface Place {
  readonly coordinate: Coordinate;
  /** Its place among the coordinates of the schema. */
  readonly number: number;
  readonly mayBeNull: boolean;
}

type RootKind = 'none' | 'query' | 'mutation' | 'subscription';

function rootKind(schema: GraphQLSchema, type: GraphQLObjectType): RootKind {
  if (type === schema.getSubscriptionType()) return 'subscription';
  if (type === schema.getMutationType()) return 'mutation';
  return type === schema.getQueryType() ? 'query' : 'none';
}

function guardField(
  field: GraphQLField<unknown, unknown>,
  type: GraphQLObjectType,
  root: RootKind,
  act: Act | undefined,
  place: Place,
): void {
  const resolve: Resolve = field.resolve ?? defaultFieldResolver;
  const guardedBy = (run: Resolve, at: Place, source: 'target' | 'event'): Resolve =>
    act === undefined
      ? run === defaultFieldResolver
        ? decidedProperty(at, root === 'none' ? type.name : null)
        : decided(at, root === 'none' ? type.name : null, run)
      : decidedOn(at, act, source, run);
  if (root === 'subscription') {
    // Denied, it must throw: null is no stream.
    const subscribe = field.subscribe ?? defaultFieldResolver;
    field.subscribe = guardedBy(subscribe, { ...place, mayBeNull: false }, 'target');
    field.resolve = guardedBy(resolve, place, 'event');
  } else {
    field.resolve = guardedBy(root === 'mutation' ? forgetting(resolve) : resolve, place, 'target');
  }
}

/**
 * A field of Mutation. What it answers, and the field that runs after it, are decided on what is there now: an object
 * that was given away is not its old owner's any more.
 */
const forgetting =
  (resolve: Resolve): Resolve =>
  async (source, args, value, info) => {
    try {
      return await resolve(source, args, value, info);
    } finally {
      checkContext(value).forget();
    }
  };

/** A field that is decided on its parent's facts, or (a root field) on its arguments alone. */
function decided(place: Place, type: string | null, resolve: Resolve): Resolve {
  const { number } = place;
  return (source, args, value, info) => {
    if (value instanceof OperationContext && value.passes(number)) return resolve(source, args, value, info);
    return mayPass(place, type, source, args, value, info) ? resolve(source, args, value, info) : null;
  };
}

/** The same for a field that is a property of its object: most are, and a resolver that is known here is called faster. */
function decidedProperty(place: Place, type: string | null): Resolve {
  const { number } = place;
  return (source, args, value, info) => {
    if (value instanceof OperationContext && value.passes(number))
      return defaultFieldResolver(source, args, value, info);
    return mayPass(place, type, source, args, value, info)
      ? defaultFieldResolver(source, args, value, info)
      : null;
  };
}

/** Decides a field that does not stand allowed. A denial is recorded and, where the field can't be null, thrown. */
function mayPass(
  place: Place,
  type: string | null,
  source: unknown,
  args: Record<string, unknown>,
  value: unknown,
  info: GraphQLResolveInfo,
): boolean {
  const context = checkContext(value);
  if (place.mayBeNull && context.deniesAgain(place.number)) return false;
  const decisionContext = { args, object: type === null ? null : context.factsOf(type, source) };
  const decision = askFor(context.decisions, place.coordinate, decisionContext);
  return allowed(context, decision, decisionContext, info, place);
}

/**
 * A root field that is decided on the object it acts on: loaded first, and answered alike missing or somebody else's.
 * Who is denied whatever the object makes us load nothing.
 */
function decidedOn(place: Place, act: Act, passes: 'target' | 'event', resolve: Resolve): Resolve {
  const { coordinate } = place;
  return async (source, args, value, info) => {
    const context = checkContext(value);
    const ahead = askAhead(context.decisions, coordinate);
    if (ahead.effect === 'deny' && !allowed(context, ahead, { args, object: null }, info, place)) return null;
    const target: unknown = (await act.load(args, context.load)) ?? null;
    context.checkTime();
    const decisionContext = { args, object: context.factsOf(act.on, target) };
    const decision = askFor(context.decisions, coordinate, decisionContext);
    if (!allowed(context, decision, decisionContext, info, place)) return null;
    if (target === null) throw new PortcullisError('NOT_FOUND');
    return resolve(passes === 'target' ? target : source, args, value, info);
  };
}

function checkContext(value: unknown): OperationContext {
  if (!(value instanceof OperationContext)) {
    throw new PortcullisError('FORBIDDEN', {
      detail: 'A guarded schema was executed without executeGuarded.',
    });
  }
  value.checkTime();
  return value;
}

/** Whether the policy allows it. It is counted; a denial is recorded and, where the field can't be null, thrown. */
function allowed(
  context: OperationContext,
  decision: Decision,
  decisionContext: DecisionContext,
  info: GraphQLResolveInfo,
  { mayBeNull, number }: Place,
): boolean {
  context.count(decision.reason);
  if (decision.effect === 'allow') return true;
  const error = context.denials.record(context.decisions, decision, decisionContext, {
    nodes: info.fieldNodes,
    path: () => responsePathAsArray(info.path),
    number: context.standsDenied(number) ? number : null,
  });
  if (mayBeNull) return false;
  throw error;
}
