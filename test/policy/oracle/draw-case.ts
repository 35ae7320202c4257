import { drawModel } from './draw-model.ts';
import { requestsOf } from './draw-request.ts';
import { drawRows } from './draw-rows.ts';
import { kinds } from './kinds/index.ts';
import type { PolicyCase } from './policy-case.ts';
import { randomOf } from './random.ts';
import { drawWords } from './words.ts';

/** How often each policy is asked. */
const requestsPerPolicy = 150;

/** The policy of that number in the run of that seed: the same in whatever process, whatever came before. */
export function drawCase(seed: number, number: number): PolicyCase {
  const kind = kinds[number % kinds.length]!;
  const random = randomOf(seed, number);
  const words = kind.words ?? drawWords(random);
  const rows = drawRows(kind, random, words);
  const request = requestsOf(kind, random, words, rows);
  return {
    kind: kind.name,
    model: drawModel(kind, random, words),
    rows,
    lineEnd: random.chance(0.03) ? '\r\n' : '\n',
    files: random.chance(0.1) ? 2 : 1,
    functions: kind.functions ?? {},
    requests: Array.from({ length: requestsPerPolicy }, request),
  };
}
