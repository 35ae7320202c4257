import type { ExecutionResult } from 'graphql';
import { askAhead } from './ask.ts';
import { contextFor, type GuardedExecution, isErrors, planOf, refused, settle } from './execution.ts';
import { guardOf } from './guarded-schema.ts';

/**
 * Of a subscription that is being answered: the answer that ends it, where the policy allows it no more, whatever its events
 * are; `null` where it may go on. The denial is counted and recorded as any other.
 */
export function findDenial<Services>(execution: GuardedExecution<Services>): ExecutionResult | null {
  const plan = planOf(execution);
  if (isErrors(plan)) return { errors: plan };
  const context = contextFor(execution);
  const { roots } = plan.prepared.outlineFor(plan, guardOf(execution.schema).rules);
  const errors = roots.flatMap(({ coordinate, node }) => {
    const preview = askAhead(context.decisions, coordinate);
    if (preview.effect !== 'deny') return [];
    context.count(preview.reason);
    const at = { nodes: [node], path: () => null };
    return [context.denials.record(context.decisions, preview, { args: {}, object: null }, at)];
  });
  settle(execution, context);
  return errors.length > 0 ? refused(errors) : null;
}
