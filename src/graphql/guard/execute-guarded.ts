import {
  createSourceEventStream,
  execute,
  getVariableValues,
  GraphQLError,
  isObjectType,
  locatedError,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql';
import type { Clock } from '../../core/clock.ts';
import { PortcullisError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { DecisionTally } from '../../policy/decision-tally.ts';
import type { RequestState } from '../context.ts';
import { type RecordDenial, tellDenials } from './denied-field.ts';
import { guardOf, type GuardedSchema } from './guarded-schema.ts';
import { mapEvents } from './map-events.ts';
import { OperationContext, tookTooLong } from './operation-context.ts';
import type { Plan } from './plan.ts';
import { checkPreflight } from './preflight.ts';
import type { Prepared } from './prepared.ts';
import { publicError, publicErrors } from './public-error.ts';

export interface GuardedExecution<Services> {
  readonly schema: GuardedSchema<Services>;
  /** Validated by the caller: `validate` of graphql-js, or `checkDocument` with the limits. */
  readonly document: DocumentNode;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly state: RequestState;
  readonly services: Services;
  readonly limits: ExecutionLimits;
  /** Where decisions are counted; nowhere, by default. */
  readonly tally?: DecisionTally;
  /** Where denials are recorded; in the log, by default. */
  readonly recordDenial?: RecordDenial;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ExecutionLimits {
  /** The most fields that an operation may resolve. */
  readonly maxCost: number;
  /** Milliseconds for an operation, and for each event of a subscription. */
  readonly timeout: number;
  /** Whether messages may name what the caller could have meant: not in production, they tell the schema. */
  readonly suggestions: boolean;
}

export type Answer = ExecutionResult | AsyncIterableIterator<ExecutionResult>;

/**
 * Executes an operation on a guarded schema: nothing of it is answered that the policy does not allow. Never rejects:
 * what goes wrong is among the errors, masked where it is not the caller's business. A subscription answers a stream.
 * Where no resolver makes it wait, the answer is there at once.
 */
export function executeGuarded<Services>(execution: GuardedExecution<Services>): Answer | Promise<Answer> {
  try {
    const plan = planOf(execution);
    if (isErrors(plan)) return { errors: plan };
    const answered = run(execution, plan);
    return isPromise(answered) ? answered.catch((cause: unknown) => failure(execution, cause)) : answered;
  } catch (cause) {
    return failure(execution, cause);
  }
}

function run<Services>(execution: GuardedExecution<Services>, plan: PreparedPlan): Answer | Promise<Answer> {
  const context = contextFor(execution);
  const { prepared } = plan;
  const outline = prepared.outlineFor(plan, guardOf(execution.schema).rules);
  const errors = checkPreflight({ plan, outline, context, maxCost: execution.limits.maxCost });
  if (errors.length > 0) {
    settle(execution, context);
    return refused([...new Set(errors)]);
  }
  return plan.operation.operation === OperationTypeNode.SUBSCRIPTION
    ? subscribe(execution, context)
    : answer(execution, context, undefined);
}

async function subscribe<Services>(
  execution: GuardedExecution<Services>,
  context: OperationContext,
): Promise<Answer> {
  const subscribing = Promise.resolve(createSourceEventStream(argsOf(execution, context, undefined)));
  const events = await inTime(execution, context, subscribing).catch((error: unknown) => {
    // A stream that comes too late is nobody's: its source would be kept open for ever.
    subscribing.then(endStream).catch(() => undefined);
    settle(execution, context);
    throw error;
  });
  if (!isStream(events)) return finish(execution, context, events);
  settle(execution, context);
  return mapEvents(
    events,
    async (event) => answer(execution, contextFor(execution), event),
    (cause) => failure(execution, cause),
  );
}

const isStream = (made: object): made is AsyncIterable<unknown> => Symbol.asyncIterator in made;

async function endStream(made: object): Promise<void> {
  if (isStream(made)) await made[Symbol.asyncIterator]().return?.();
}

/** What nothing below has made an answer of. */
const failure = <Services>({ log, state }: GuardedExecution<Services>, cause: unknown): ExecutionResult =>
  refused(publicErrors([locatedError(cause, undefined)], log, state.requestId));

/** Runs the operation (for a subscription: for one event) and says everything that went wrong, once. */
function answer<Services>(
  execution: GuardedExecution<Services>,
  context: OperationContext,
  event: unknown,
): ExecutionResult | Promise<ExecutionResult> {
  try {
    const running = execute(argsOf(execution, context, event));
    if (!isPromise(running)) return finish(execution, context, running);
    return inTime(execution, context, running).then(
      (result) => finish(execution, context, result),
      (error: unknown) => giveUp(execution, context, error),
    );
  } catch (error) {
    return giveUp(execution, context, error);
  }
}

/** @throws what was not made to be told. */
function giveUp<Services>(
  execution: GuardedExecution<Services>,
  context: OperationContext,
  error: unknown,
): ExecutionResult {
  settle(execution, context);
  if (error instanceof PortcullisError) return refused([publicError(error)]);
  throw error;
}

function finish<Services>(
  execution: GuardedExecution<Services>,
  context: OperationContext,
  result: ExecutionResult,
): ExecutionResult {
  settle(execution, context);
  if (result.errors === undefined && !context.anyDenied) return result;
  const { log, state } = execution;
  const denied = new Set(context.denials.errors);
  const others = (result.errors ?? []).filter((error) => !denied.has(error));
  const errors = [...denied, ...publicErrors(others, log, state.requestId)];
  return { data: result.data ?? null, ...(errors.length > 0 ? { errors } : {}) };
}

interface PreparedPlan extends Plan {
  readonly prepared: Prepared;
}

function planOf<Services>(execution: GuardedExecution<Services>): PreparedPlan | readonly GraphQLError[] {
  const { schema, document, operationName, limits } = execution;
  const prepared = guardOf(schema).prepared.find(document, operationName ?? null);
  if (prepared === null) return badInput('Name one operation of the document.');
  const { operation, fragments } = prepared;
  // Validation passes over an operation that has no type to look its fields up in.
  if (!isObjectType(schema.getRootType(operation.operation))) {
    return badInput(`The schema has no ${operation.operation}.`);
  }
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.length === 0) return { schema, operation, fragments, variables: {}, prepared };
  const { coerced, errors } = getVariableValues(schema, definitions, execution.variables ?? {}, {
    maxErrors: 10,
    hideSuggestions: !limits.suggestions,
  });
  if (errors !== undefined) {
    return errors.map(
      ({ message, nodes }) =>
        new GraphQLError(message, { nodes: nodes ?? null, extensions: { code: 'BAD_USER_INPUT' } }),
    );
  }
  return { schema, operation, fragments, variables: coerced, prepared };
}

const contextFor = <Services>(execution: GuardedExecution<Services>): OperationContext =>
  new OperationContext(execution, guardOf(execution.schema));

const argsOf = <Services>(
  execution: GuardedExecution<Services>,
  context: OperationContext,
  event: unknown,
): ExecutionArgs => ({
  schema: execution.schema,
  document: execution.document,
  rootValue: event,
  contextValue: context,
  variableValues: execution.variables ?? null,
  operationName: execution.operationName ?? null,
  hideSuggestions: !execution.limits.suggestions,
});

/** What is counted and recorded of an operation, or of an event, when it is over. */
function settle<Services>(
  { recordDenial, log, state }: GuardedExecution<Services>,
  context: OperationContext,
): void {
  context.settle();
  if (!context.anyDenied) return;
  const record = recordDenial ?? tellDenials(log);
  for (const field of context.denials.fields) record(field, state);
}

/** Rejects when the time is over, and lets nothing of the operation go on. */
async function inTime<Services, T>(
  { limits }: GuardedExecution<Services>,
  context: OperationContext,
  work: PromiseLike<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      context.stop();
      reject(tookTooLong());
    }, limits.timeout);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const isPromise = <T>(value: T | PromiseLike<T>): value is Promise<T> & PromiseLike<T> =>
  typeof (value as { then?: unknown }).then === 'function';

const badInput = (message: string): readonly GraphQLError[] => [
  publicError(new PortcullisError('BAD_USER_INPUT', { message })),
];
const refused = (errors: readonly GraphQLError[]): ExecutionResult => ({ data: null, errors });
const isErrors = (plan: PreparedPlan | readonly GraphQLError[]): plan is readonly GraphQLError[] =>
  Array.isArray(plan);
