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
import { listFacts, type TypeFacts } from './facts-of-objects.ts';
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
  const facts = listFacts(all.facts);
  const coordinates = new Set<Coordinate>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const coordinate: Coordinate = `${type.name}.${field.name}`;
      const act = all.acts[coordinate];
      const root = rootKind(schema, type);
      const looksAt = act?.on ?? (root === 'none' ? type.name : null);
      const place: Place = {
        coordinate,
        number: coordinates.size,
        mayBeNull: !isNonNullType(field.type),
        facts: (looksAt === null ? undefined : facts.get(looksAt)) ?? null,
      };
      coordinates.add(coordinate);
      guardField(field, root, act, place);
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
  /** The facts that it is decided on: its parent's, or those of what it acts on; `null` where there are none. */
  readonly facts: TypeFacts | null;
}

type RootKind = 'none' | 'query' | 'mutation' | 'subscription';

function rootKind(schema: GraphQLSchema, type: GraphQLObjectType): RootKind {
  if (type === schema.getSubscriptionType()) return 'subscription';
  if (type === schema.getMutationType()) return 'mutation';
  return type === schema.getQueryType() ? 'query' : 'none';
}

function guardField(
  field: GraphQLField<unknown, unknown>,
  root: RootKind,
  act: Act | undefined,
  place: Place,
): void {
  const resolve: Resolve = field.resolve ?? defaultFieldResolver;
  const guardedBy = (run: Resolve, at: Place, source: 'target' | 'event'): Resolve =>
    act === undefined
      ? run === defaultFieldResolver
        ? decidedProperty(at, field.name)
        : decided(at, run)
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
function decided(place: Place, resolve: Resolve): Resolve {
  const { number } = place;
  return (source, args, value, info) => {
    if (!OperationContext.is(value)) throw notOurs();
    return value.passes(number) || mayPass(place, source, args, value, info)
      ? resolve(source, args, value, info)
      : null;
  };
}

/** The same for a field that is a property of its object, as most are: what is no method is read here, which is faster. */
function decidedProperty(place: Place, name: string): Resolve {
  const { number } = place;
  return (source, args, value, info) => {
    if (!OperationContext.is(value)) throw notOurs();
    if (!value.passes(number) && !mayPass(place, source, args, value, info)) return null;
    if (typeof source === 'object' && source !== null) {
      const property = (source as Readonly<Record<string, unknown>>)[name];
      if (typeof property !== 'function') return property;
    }
    return defaultFieldResolver(source, args, value, info);
  };
}

/** Decides a field that does not stand allowed. A denial is recorded and, where the field can't be null, thrown. */
function mayPass(
  place: Place,
  source: unknown,
  args: Record<string, unknown>,
  context: OperationContext,
  info: GraphQLResolveInfo,
): boolean {
  context.checkTimeOf(place.number);
  if (place.mayBeNull && context.deniesAgain(place.number)) return false;
  const decisionContext = { args, object: context.factsOf(place.facts, source) };
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
    const decisionContext = { args, object: context.factsOf(place.facts, target) };
    const decision = askFor(context.decisions, coordinate, decisionContext);
    if (!allowed(context, decision, decisionContext, info, place)) return null;
    if (target === null) throw new PortcullisError('NOT_FOUND');
    return resolve(passes === 'target' ? target : source, args, value, info);
  };
}

function checkContext(value: unknown): OperationContext {
  if (!OperationContext.is(value)) throw notOurs();
  value.checkTime();
  return value;
}

const notOurs = (): PortcullisError =>
  new PortcullisError('FORBIDDEN', { detail: 'A guarded schema was executed without executeGuarded.' });

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
