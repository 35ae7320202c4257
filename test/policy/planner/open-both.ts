import { FileAdapter, newEnforcer, newModelFromString, type Enforcer as Stock } from 'casbin';
import { createEnforcer, type Enforcer, type EnforcerOptions } from '../../../src/policy/library.ts';

export interface Both {
  readonly stock: Stock;
  readonly ours: Enforcer;
}

/** Stock casbin and the planner, over the same texts. */
export async function openBoth(model: string, text: string, options: EnforcerOptions = {}): Promise<Both> {
  const files = { readFileSync: () => text, writeFileSync: () => undefined };
  const stock = await newEnforcer(newModelFromString(model), new FileAdapter('policy.csv', files));
  for (const [name, call] of Object.entries(options.functions ?? {}))
    await stock.addFunction(name, call as never);
  const ours = await createEnforcer({ text: model }, { text }, options);
  if (ours.plan.kind !== 'planned') throw new Error(ours.plan.reason);
  return { stock, ours };
}

/** What came of a call: its answer, or that it threw. */
export function cameTo(ask: () => boolean): boolean | 'threw' {
  try {
    return ask();
  } catch {
    return 'threw';
  }
}

/** Milliseconds of the fastest of several. */
export function bestOf(times: number, work: () => unknown): number {
  return Math.min(
    ...Array.from({ length: times }, () => {
      const begun = performance.now();
      work();
      return performance.now() - begun;
    }),
  );
}
