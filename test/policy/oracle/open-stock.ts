import { type Enforcer, FileAdapter, newEnforcer, newModelFromString } from 'casbin';
import { type PolicyCase, policyTexts } from './policy-case.ts';

/** Stock casbin over one file with all of the case's rows, as its users open it. */
export async function openStock(asked: PolicyCase): Promise<Enforcer> {
  const text = policyTexts(asked).join('');
  const files = { readFileSync: () => text, writeFileSync: () => undefined };
  const enforcer = await newEnforcer(newModelFromString(asked.model), new FileAdapter('policy.csv', files));
  for (const [name, call] of Object.entries(asked.functions))
    await enforcer.addFunction(name, call as (...values: unknown[]) => boolean);
  return enforcer;
}

/** What stock casbin answers where some rows of the policy alone are there. */
export function withRows<T>(stock: Enforcer, rows: readonly string[][], ask: () => T): T {
  const assertion = stock.getModel().model.get('p')!.get('p')!;
  const every = assertion.policy;
  assertion.policy = [...rows];
  try {
    return ask();
  } finally {
    assertion.policy = every;
  }
}

/** The rows of the policy, in the order in which stock casbin looks at them. */
export const rowsOf = (stock: Enforcer): readonly string[][] =>
  stock.getModel().model.get('p')!.get('p')!.policy;
