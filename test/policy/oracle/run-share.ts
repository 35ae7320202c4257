import { createEnforcer } from '../../../src/policy/library.ts';
import { compareMany } from './compare-many.ts';

/** One process of run.ts: its share of the policies. It tells what it has seen once a second, and at the end. */
const [decisions, seed, from, every] = process.argv.slice(2).map(Number);
let toldAt = performance.now();
const result = await compareMany({
  open: createEnforcer,
  seed: seed!,
  decisions: decisions!,
  from: from!,
  every: every!,
  onProgress: (tally) => {
    if (performance.now() - toldAt < 1_000) return;
    toldAt = performance.now();
    process.send?.({ tally, reports: [] });
  },
});
process.send?.(result, () => process.disconnect());
