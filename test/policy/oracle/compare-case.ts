import type { createEnforcer } from '../../../src/policy/library.ts';
import { findAcceptedRefusal } from './accepted-refusals.ts';
import { compareAsync, compareBatch, compareSync, type Comparing } from './compare-request.ts';
import type { Difference } from './difference.ts';
import { openStock } from './open-stock.ts';
import { messageOf, outcomeOfPromise } from './outcome.ts';
import { type PolicyCase, policyTexts } from './policy-case.ts';
import { count, type Tally } from './tally.ts';

/** Reasons that are met in models and names of any kind. */
const mayBeStock = /^a second section|^a comma in a name/u;

/** How the enforcer comes to be that is compared with stock casbin. */
export type Open = typeof createEnforcer;

/** Every how many requests are asked asynchronously too, and how many of a policy in one batch. */
const asyncEvery = 16;
const batchSize = 6;

/** Opens a policy on both sides and asks every request, up to the first difference. */
export async function compareCase(asked: PolicyCase, open: Open, tally: Tally): Promise<Difference | null> {
  const { model, functions, requests, kind } = asked;
  const stock = await outcomeOfPromise(() => openStock(asked));
  const sources = policyTexts(asked).map((text, index) => ({ text, name: `policy-${index}.csv` }));
  const policy = sources.length === 1 ? sources[0]! : sources;
  const ours = await outcomeOfPromise(() => open({ text: model, name: 'model.conf' }, policy, { functions }));
  tally.policies += 1;
  if (stock.threw || ours.threw) {
    if (stock.threw && ours.threw) tally.refusedByBoth += 1;
    if (stock.threw === ours.threw) return null;
    const accepted = ours.threw ? findAcceptedRefusal(messageOf(ours.error)) : null;
    if (accepted === null) return { call: 'createEnforcer', request: null, theirs: stock, ours };
    count(tally.refusals, accepted);
    return null;
  }
  count(tally.policiesOfKind, kind);
  const { plan } = ours.answer;
  if (plan.kind === 'planned') count(tally.plannedOfKind, kind);
  else if (!mayBeStock.test(plan.reason)) count(tally.stockOfKind, kind);
  return compareRequests({ stock: stock.answer, ours: ours.answer, tally }, requests);
}

async function compareRequests(
  both: Comparing,
  requests: readonly (readonly unknown[])[],
): Promise<Difference | null> {
  for (const [index, request] of requests.entries()) {
    const difference =
      compareSync(both, request) ?? (index % asyncEvery === 0 ? await compareAsync(both, request) : null);
    if (difference !== null) return difference;
  }
  return compareBatch(both, requests.slice(-batchSize));
}
