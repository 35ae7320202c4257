import type { DecisionReason } from './decision.ts';

/** Decisions that were enforced, by reason, since it was made. Plain numbers: one is raised for every field of every row. */
export type DecisionTally = Record<DecisionReason, number>;

export const newDecisionTally = (): DecisionTally => ({
  allowed: 0,
  'denied-by-rule': 0,
  'deny-condition-failed': 0,
  'no-rule-allows': 0,
  'engine-failed': 0,
});
