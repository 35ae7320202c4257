import { OperationTypeNode, type GraphQLError } from 'graphql';
import { PortcullisError } from '../../core/errors.ts';
import { askAhead, askFor } from './ask.ts';
import { costOf } from './cost.ts';
import type { GuardRules } from './guard-rules.ts';
import type { OperationContext } from './operation-context.ts';
import { argumentsOf, type Plan, type ReachedField } from './plan.ts';
import { publicError } from './public-error.ts';

interface Flight {
  readonly plan: Plan;
  readonly reached: readonly ReachedField[];
  readonly rules: GuardRules;
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
  for (const step of preflightSteps) {
    const errors = step.check(flight);
    if (errors.length > 0) return errors;
  }
  return [];
}

const isRoot = (field: ReachedField): boolean => field.root === field.coordinate;

function checkAlone({ reached, rules }: Flight): readonly GraphQLError[] {
  const roots = reached.filter(isRoot);
  const first = roots.find(({ coordinate }) => rules.alone.includes(coordinate));
  if (first === undefined || roots.length === 1) return [];
  return [
    publicError(
      new PortcullisError('BAD_USER_INPUT', {
        message: `${first.coordinate} must be the only field of its operation.`,
      }),
      { nodes: roots.map(({ node }) => node) },
    ),
  ];
}

function checkIntrospection({ plan, reached, context }: Flight): readonly GraphQLError[] {
  return reached
    .filter(({ field }) => field.name.startsWith('__'))
    .flatMap(({ coordinate, field, node }) => {
      const decisionContext = { args: argumentsOf(plan, field, node), object: null };
      const decision = askFor(context.decisions, coordinate, decisionContext);
      context.tally[decision.reason] += 1;
      return decision.effect === 'allow'
        ? []
        : [
            context.denials.record(context.decisions, decision, decisionContext, {
              nodes: [node],
              path: () => null,
            }),
          ];
    });
}

function checkCost({ plan, maxCost }: Flight): readonly GraphQLError[] {
  const cost = costOf(plan);
  if (cost <= maxCost) return [];
  const message = `This operation could resolve ${cost} fields; at most ${maxCost} are allowed. Ask for fewer rows or fields.`;
  return [publicError(new PortcullisError('BAD_USER_INPUT', { message }), { nodes: [plan.operation] })];
}

function checkMutation({ plan, reached, rules, context }: Flight): readonly GraphQLError[] {
  if (plan.operation.operation !== OperationTypeNode.MUTATION) return [];
  return reached.flatMap((field) => {
    // What lies under a login is asked by somebody whom nobody knows yet: decided when it is reached.
    if (!isRoot(field) && rules.alone.includes(field.root)) return [];
    const preview = askAhead(context.decisions, field.coordinate);
    if (preview.effect !== 'deny') return [];
    context.tally[preview.reason] += 1;
    const at = { nodes: [field.node], path: () => null };
    return [context.denials.record(context.decisions, preview, { args: {}, object: null }, at)];
  });
}
