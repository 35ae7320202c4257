import {
  getVariableValues,
  GraphQLError,
  isObjectType,
  type DocumentNode,
  type ExecutionResult,
} from 'graphql';
import type { Clock } from '../../core/clock.ts';
import { PortcullisError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { DecisionTally } from '../../policy/decision-tally.ts';
import type { RequestState } from '../context.ts';
import { type RecordDenial, tellDenials } from './denied-field.ts';
import { guardOf, type GuardedSchema } from './guarded-schema.ts';
import { OperationContext } from './operation-context.ts';
import type { PreparedPlan } from './prepared.ts';
import { publicError } from './public-error.ts';

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
  readonly tally?: DecisionTally | undefined;
  /** Where denials are recorded; in the log, by default. */
  readonly recordDenial?: RecordDenial | undefined;
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

/** Finds the operation and coerces its variables; or what is wrong with them. */
export function planOf<Services>(
  execution: GuardedExecution<Services>,
): PreparedPlan | readonly GraphQLError[] {
  const { schema, document, operationName, limits } = execution;
  const prepared = guardOf(schema).prepared.find(document, operationName ?? null);
  if (prepared === null) return badInput('Name one operation of the document.');
  if (prepared.plan !== null) return prepared.plan;
  const { operation, fragments } = prepared;
  // Validation passes over an operation that has no type to look its fields up in.
  if (!isObjectType(schema.getRootType(operation.operation))) {
    return badInput(`The schema has no ${operation.operation}.`);
  }
  const { coerced, errors } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    execution.variables ?? {},
    {
      maxErrors: 10,
      hideSuggestions: !limits.suggestions,
    },
  );
  if (errors !== undefined) {
    return errors.map(
      ({ message, nodes }) =>
        new GraphQLError(message, { nodes: nodes ?? null, extensions: { code: 'BAD_USER_INPUT' } }),
    );
  }
  return { schema, operation, fragments, variables: coerced, prepared };
}

/** A context for one execution: of the operation, or of one event. */
export const contextFor = <Services>(execution: GuardedExecution<Services>): OperationContext =>
  new OperationContext(execution, guardOf(execution.schema));

/** What is counted and recorded of an operation, or of an event, when it is over. */
export function settle<Services>(
  { recordDenial, log, state }: GuardedExecution<Services>,
  context: OperationContext,
): void {
  context.settle();
  if (!context.anyDenied) return;
  const record = recordDenial ?? tellDenials(log);
  for (const field of context.denials.fields) record(field, state);
}

const badInput = (message: string): readonly GraphQLError[] => [
  publicError(new PortcullisError('BAD_USER_INPUT', { message })),
];
export const refused = (errors: readonly GraphQLError[]): ExecutionResult => ({ data: null, errors });
export const isErrors = (plan: PreparedPlan | readonly GraphQLError[]): plan is readonly GraphQLError[] =>
  Array.isArray(plan);
