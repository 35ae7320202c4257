import {
  createSourceEventStream,
  execute,
  getOperationAST,
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
import { newDecisionTally, type DecisionTally } from '../../policy/decision-tally.ts';
import type { RequestState } from '../context.ts';
import { type RecordDenial, tellDenials } from './denied-field.ts';
import { rulesOf, type GuardedSchema } from './guarded-schema.ts';
import { mapEvents } from './map-events.ts';
import { OperationContext, tookTooLong } from './operation-context.ts';
import { fragmentsOf, reachedFields, type Plan } from './plan.ts';
import { checkPreflight } from './preflight.ts';
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

/**
 * Executes an operation on a guarded schema: nothing of it is answered that the policy does not allow. Never rejects:
 * what goes wrong is among the errors, masked where it is not the caller's business. A subscription answers a stream.
 */
export async function executeGuarded<Services>(
  execution: GuardedExecution<Services>,
): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>> {
  try {
    const plan = planOf(execution);
    return isErrors(plan) ? { errors: plan } : await run(execution, plan);
  } catch (cause) {
    return failure(execution, cause);
  }
}

async function run<Services>(
  execution: GuardedExecution<Services>,
  plan: Plan,
): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>> {
  const { schema, limits } = execution;
  const context = contextFor(execution);
  const rules = rulesOf(schema);
  const reached = reachedFields(plan);
  const errors = checkPreflight({ plan, reached, rules, context, maxCost: limits.maxCost });
  if (errors.length > 0) {
    recordDenials(execution, context);
    return refused([...new Set(errors)]);
  }
  if (plan.operation.operation !== OperationTypeNode.SUBSCRIPTION)
    return answer(execution, context, undefined);
  const subscribing = Promise.resolve(createSourceEventStream(argsOf(execution, context)));
  const events = await inTime(limits.timeout, subscribing).catch((error: unknown) => {
    // A stream that comes too late is nobody's: its source would be kept open for ever.
    subscribing.then(endStream).catch(() => undefined);
    recordDenials(execution, context);
    throw error;
  });
  if (!isStream(events)) return finish(execution, context, events);
  return mapEvents(
    events,
    (event) => answer(execution, contextFor(execution), event),
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
async function answer<Services>(
  execution: GuardedExecution<Services>,
  context: OperationContext,
  event: unknown,
): Promise<ExecutionResult> {
  try {
    const running = Promise.resolve(execute({ ...argsOf(execution, context), rootValue: event }));
    return finish(execution, context, await inTime(execution.limits.timeout, running));
  } catch (error) {
    recordDenials(execution, context);
    if (error instanceof PortcullisError) return refused([publicError(error)]);
    throw error;
  }
}

function finish<Services>(
  execution: GuardedExecution<Services>,
  context: OperationContext,
  result: ExecutionResult,
): ExecutionResult {
  const { log, state } = execution;
  recordDenials(execution, context);
  const denied = new Set(context.denials.errors);
  const others = (result.errors ?? []).filter((error) => !denied.has(error));
  const errors = [...denied, ...publicErrors(others, log, state.requestId)];
  return { data: result.data ?? null, ...(errors.length > 0 ? { errors } : {}) };
}

function planOf<Services>(execution: GuardedExecution<Services>): Plan | readonly GraphQLError[] {
  const { schema, document, operationName, limits } = execution;
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) {
    return badInput('Name one operation of the document.');
  }
  // Validation passes over an operation that has no type to look its fields up in.
  if (!isObjectType(schema.getRootType(operation.operation))) {
    return badInput(`The schema has no ${operation.operation}.`);
  }
  const { coerced, errors } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    execution.variables ?? {},
    { maxErrors: 10, hideSuggestions: !limits.suggestions },
  );
  if (errors !== undefined) {
    return errors.map(
      ({ message, nodes }) =>
        new GraphQLError(message, { nodes: nodes ?? null, extensions: { code: 'BAD_USER_INPUT' } }),
    );
  }
  return { schema, operation, fragments: fragmentsOf(document), variables: coerced };
}

function contextFor<Services>({
  schema,
  state,
  services,
  limits,
  tally = newDecisionTally(),
  clock,
  log,
}: GuardedExecution<Services>): OperationContext {
  const end = clock.monotonic() + limits.timeout;
  const isOver = (): boolean => clock.monotonic() > end;
  return new OperationContext({ state, services, rules: rulesOf(schema), tally, isOver, log });
}

const argsOf = <Services>(
  execution: GuardedExecution<Services>,
  context: OperationContext,
): ExecutionArgs => ({
  schema: execution.schema,
  document: execution.document,
  contextValue: context,
  variableValues: execution.variables ?? null,
  operationName: execution.operationName ?? null,
  hideSuggestions: !execution.limits.suggestions,
});

function recordDenials<Services>(
  { recordDenial, log, state }: GuardedExecution<Services>,
  { denials }: OperationContext,
): void {
  const record = recordDenial ?? tellDenials(log);
  for (const field of denials.fields) record(field, state);
}

async function inTime<T>(timeout: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tookTooLong()), timeout);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const badInput = (message: string): readonly GraphQLError[] => [
  publicError(new PortcullisError('BAD_USER_INPUT', { message })),
];
const refused = (errors: readonly GraphQLError[]): ExecutionResult => ({ data: null, errors });
const isErrors = (plan: Plan | readonly GraphQLError[]): plan is readonly GraphQLError[] =>
  Array.isArray(plan);
