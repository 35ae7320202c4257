import {
  createSourceEventStream,
  execute,
  locatedError,
  OperationTypeNode,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql';
import { PortcullisError } from '../../core/errors.ts';
import { contextFor, type GuardedExecution, isErrors, planOf, refused, settle } from './execution.ts';
import { guardOf } from './guarded-schema.ts';
import { mapEvents } from './map-events.ts';
import { type OperationContext, tookTooLong } from './operation-context.ts';
import { checkPreflight } from './preflight.ts';
import type { Prepared, PreparedPlan } from './prepared.ts';
import { publicError, publicErrors } from './public-error.ts';

export type { ExecutionLimits, GuardedExecution } from './execution.ts';

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
    ? subscribe(execution, prepared, context)
    : answer(execution, prepared, context, undefined);
}

async function subscribe<Services>(
  execution: GuardedExecution<Services>,
  prepared: Prepared,
  context: OperationContext,
): Promise<Answer> {
  const subscribing = Promise.resolve(
    createSourceEventStream(argsOf(execution, prepared, context, undefined)),
  );
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
    async (event) => answer(execution, prepared, contextForEvent(execution), event),
    (cause) => failure(execution, cause),
  );
}

/** What the subscription's request has read is of a moment long before. */
function contextForEvent<Services>(execution: GuardedExecution<Services>): OperationContext {
  const context = contextFor(execution);
  context.forget();
  return context;
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
  prepared: Prepared,
  context: OperationContext,
  event: unknown,
): ExecutionResult | Promise<ExecutionResult> {
  try {
    const running = execute(argsOf(execution, prepared, context, event));
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

const argsOf = <Services>(
  execution: GuardedExecution<Services>,
  { document }: Prepared,
  context: OperationContext,
  event: unknown,
): ExecutionArgs => ({
  schema: execution.schema,
  document,
  rootValue: event,
  contextValue: context,
  variableValues: execution.variables ?? null,
  operationName: execution.operationName ?? null,
  hideSuggestions: !execution.limits.suggestions,
});

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
