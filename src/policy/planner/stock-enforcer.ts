import { newEnforcer, newModelFromString, PolicyLoader, type Adapter } from 'casbin';
import type { Enforcer } from './enforcer.ts';
import type { MatcherFunction } from './compile-expression.ts';
import { readLines, readText, type PolicySource } from './policy-source.ts';

interface Needs {
  readonly model: PolicySource;
  readonly sources: readonly PolicySource[];
  readonly functions: Readonly<Record<string, MatcherFunction>>;
  /** Why stock decides. */
  readonly reason: string;
}

/** Stock Casbin behind the same face, as it is: with its own patterns, which may take for ever. */
export async function openStock({ model, sources, functions, reason }: Needs): Promise<Enforcer> {
  const loader = new PolicyLoader();
  const files: Adapter = {
    async loadPolicy(target) {
      for (const source of sources)
        for await (const lines of readLines(source))
          for (const line of lines) if (line.trim() !== '') loader.loadPolicyLine(line, target);
    },
    savePolicy: () => Promise.resolve(false),
    addPolicy: () => Promise.resolve(),
    removePolicy: () => Promise.resolve(),
    removeFilteredPolicy: () => Promise.resolve(),
  };
  const stock = await newEnforcer(newModelFromString(await readText(model)), files);
  for (const [name, call] of Object.entries(functions)) await stock.addFunction(name, call as never);
  return {
    enforceSync: (...request) => stock.enforceSync(...request),
    enforce: (...request) => stock.enforce(...request),
    enforceExSync: (...request) => stock.enforceExSync(...request),
    enforceEx: (...request) => stock.enforceEx(...request),
    batchEnforce: (requests) => stock.batchEnforce(requests.map((request) => [...request])),
    plan: { kind: 'stock', reason },
    cache: { hits: 0, misses: 0 },
    with() {
      throw new Error('Stock Casbin decides here: load the policy again with the rows changed.');
    },
  };
}
