import { estimateSteps, type StepEstimate } from './estimate-steps.ts';
import type { PatternLanguage } from './pattern-language.ts';
import { PatternRefused } from './pattern-refused.ts';
import { PatternTimedOut } from './pattern-timed-out.ts';
import { RanOver, runWithin } from './run-within.ts';

/** Up to four times: what is ended is begun again once, by the index and then by the matcher. */
const MATCH_MS = 1;
const PREPARE_MS = 200;
/** Some 2 ms while the engine still interprets a regular expression. */
const MOST_STEPS = 100_000;
/** Of a pattern that is not plain. */
const LONGEST = 4_096;

/**
 * A match that ends: run as it is where the estimate says that it is cheap with this text, else under a time limit.
 *
 * @param steps `null` where nothing is known.
 */
export function boundMatch(
  language: PatternLanguage,
  pattern: string,
  steps: StepEstimate | null,
  match: (text: string) => boolean,
): (text: string) => boolean {
  return (text) => {
    if (steps !== null && steps(text.length) <= MOST_STEPS) return match(text);
    try {
      return runWithin(MATCH_MS, () => match(text));
    } catch (error) {
      throw error instanceof RanOver ? new PatternTimedOut(language, pattern, text) : error;
    }
  };
}

/**
 * What `prepare` makes of a pattern that is not plain.
 *
 * @throws {PatternRefused} where the pattern is too long, `prepare` takes too long, or throws as Casbin would.
 */
export function prepareWithin<Prepared>(
  language: PatternLanguage,
  pattern: string,
  prepare: () => Prepared,
): Prepared {
  if (pattern.length > LONGEST) {
    throw new PatternRefused(language, pattern, `it is too long. Write at most ${LONGEST} characters.`);
  }
  try {
    return runWithin(PREPARE_MS, prepare);
  } catch (error) {
    if (error instanceof PatternRefused) throw error;
    const why =
      error instanceof RanOver
        ? 'it takes too long to compile. Write a simpler one.'
        : `Casbin would throw: ${error instanceof Error ? error.message : String(error)}. Correct it.`;
    throw new PatternRefused(language, pattern, why);
  }
}

/** The expression, and what it may cost. One that no estimate follows is tried out, as some fail only then. */
export function buildExpression(source: string): {
  readonly expression: RegExp;
  readonly steps: StepEstimate | null;
} {
  const expression = new RegExp(source);
  const steps = estimateSteps(source);
  // Twice for each width of characters: the engine compiles at the second.
  if (steps === null) for (const text of ['', '', '\u2028', '\u2028']) expression.test(text);
  return { expression, steps };
}
