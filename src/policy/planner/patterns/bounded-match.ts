import { compilePattern } from './compile-pattern.ts';
import type { PatternLanguage } from './pattern-language.ts';
import { PatternRefused } from './pattern-refused.ts';

const MOST_KEPT = 1_000;
/** A longer pattern is compiled each time: what is kept has a size. */
const LONGEST_KEPT = 4_096;

type Compiled = ((text: string) => boolean) | PatternRefused;

/**
 * Casbin's function of that name, for a pattern that is only known when the matcher runs. Takes what Casbin's takes:
 * nothing, `0` and `false` are the empty text, anything else its `toString()`.
 *
 * @returns a function that throws {PatternRefused}, or {PatternTimedOut} where there is no answer within 5 ms.
 */
export function boundedMatch(language: PatternLanguage): (text: unknown, pattern: unknown) => boolean {
  const kept = new Map<string, Compiled>();
  return (text, pattern) => {
    const read = toText(pattern);
    let compiled = kept.get(read);
    if (compiled === undefined) {
      compiled = tryCompile(language, read);
      if (read.length <= LONGEST_KEPT) keep(kept, read, compiled);
    }
    if (compiled instanceof PatternRefused) throw compiled;
    return compiled(toText(text));
  };
}

/** A refusal is kept too: finding out may be what takes long. */
function tryCompile(language: PatternLanguage, pattern: string): Compiled {
  try {
    return compilePattern(language, pattern);
  } catch (error) {
    if (error instanceof PatternRefused) return error;
    throw error;
  }
}

function keep(kept: Map<string, Compiled>, pattern: string, compiled: Compiled): void {
  const [oldest] = kept.keys();
  if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(pattern, compiled);
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  const isNothing = value === undefined || value === null || value === false || value === 0 || value === 0n;
  const text: unknown = isNothing || Number.isNaN(value) ? '' : (value as { toString(): unknown }).toString();
  if (typeof text !== 'string') throw new TypeError(`A pattern or its text reads as ${typeof text}.`);
  return text;
}
