import type { GraphQLError } from 'graphql';
import { PortcullisError } from '../../core/errors.ts';
import { askAhead, askFor } from './ask.ts';
import type { OperationContext } from './operation-context.ts';
import type { Outline } from './outline.ts';
import { argumentsOf, type Plan } from './plan.ts';
import { publicError } from './public-error.ts';

interface Flight {
  readonly plan: Plan;
  readonly outline: Outline;
  readonly context: OperationContext;
  readonly maxCost: number;
}

interface Step {
  readonly name: string;
  readonly reason: string;
  check(flight: Flight): readonly GraphQLError[];
}

/** What is checked before anything of an operation runs, in order. The first step that finds a fault ends it. */
export const preflightSteps: readonly Step[] = [
  {
    name: 'check it stands alone',
    reason:
      'A login changes who everything after it acts as; 100 aliased logins would be 100 attempts in one request.',
    check: checkAlone,
  },
  {
    name: 'check introspection',
    reason:
      'Its resolvers belong to graphql-js and are shared by all schemas: nothing can be wrapped around them.',
    check: checkIntrospection,
  },
  {
    name: 'check the cost',
    reason: 'Only the actual variables tell how many rows are asked for.',
    check: checkCost,
  },
  {
    name: 'check the mutation ahead',
    reason: 'A denied mutation must have no side effect, nor one whose answer is denied.',
    check: checkMutation,
  },
];

/** Everything that refuses the operation as a whole; empty where it may run. */
export function checkPreflight(flight: Flight): readonly GraphQLError[] {
  // Most operations: no step finds anything to look at.
  if (flight.outline.isPlain && flight.outline.cost <= flight.maxCost) return none;
  for (const step of preflightSteps) {
    const errors = step.check(flight);
    if (errors.length > 0) return errors;
  }
  return none;
}

const none: readonly GraphQLError[] = [];

function checkAlone({ outline: { crowded, roots } }: Flight): readonly GraphQLError[] {
  if (crowded === null) return none;
  return [
    publicError(
      new PortcullisError('BAD_USER_INPUT', {
        message: `${crowded.coordinate} must be the only field of its operation.`,
      }),
      { nodes: roots.map(({ node }) => node) },
    ),
  ];
}

function checkIntrospection({ plan, outline: { introspection }, context }: Flight): readonly GraphQLError[] {
  if (introspection.length === 0) return none;
  return introspection.flatMap(({ coordinate, field, node }) => {
    const decisionContext = { args: argumentsOf(plan, field, node), object: null };
    const decision = askFor(context.decisions, coordinate, decisionContext);
    context.count(decision.reason);
    if (decision.effect === 'allow') return none;
    const at = { nodes: [node], path: () => null };
    return [context.denials.record(context.decisions, decision, decisionContext, at)];
  });
}

function checkCost({ plan, outline: { cost }, maxCost }: Flight): readonly GraphQLError[] {
  if (cost <= maxCost) return none;
  const message = `This operation could resolve ${cost} fields; at most ${maxCost} are allowed. Ask for fewer rows or fields.`;
  return [publicError(new PortcullisError('BAD_USER_INPUT', { message }), { nodes: [plan.operation] })];
}

function checkMutation({ outline: { mutating }, context }: Flight): readonly GraphQLError[] {
  if (mutating.length === 0) return none;
  return mutating.flatMap((field) => {
    const preview = askAhead(context.decisions, field.coordinate);
    if (preview.effect !== 'deny') return none;
    context.count(preview.reason);
    const at = { nodes: [field.node], path: () => null };
    return [context.denials.record(context.decisions, preview, { args: {}, object: null }, at)];
  });
}
