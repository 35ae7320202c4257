import { Util } from 'casbin';
import type { PatternLanguage } from '../../../../src/policy/planner/patterns/pattern-language.ts';
import { PatternRefused } from '../../../../src/policy/planner/patterns/pattern-refused.ts';
import { PatternTimedOut } from '../../../../src/policy/planner/patterns/pattern-timed-out.ts';
import { runWithin } from '../../../../src/policy/planner/patterns/run-within.ts';

type Match = (text: string, pattern: string) => boolean;

/** Casbin's own functions. */
export const stock: Readonly<Record<PatternLanguage, Match>> = {
  keyMatch: Util.keyMatchFunc as Match,
  keyMatch2: Util.keyMatch2Func as Match,
  keyMatch3: Util.keyMatch3Func as Match,
  keyMatch4: Util.keyMatch4Func as Match,
  keyMatch5: Util.keyMatch5Func as Match,
  globMatch: Util.globMatch,
  regexMatch: Util.regexMatchFunc as Match,
};
export const languages = Object.keys(stock) as readonly PatternLanguage[];

/** What Casbin answers, or that it does not: it throws, or would take very long. */
export function askStock(
  language: PatternLanguage,
  text: string,
  pattern: string,
  milliseconds: number,
): boolean | 'no answer' {
  try {
    return runWithin(milliseconds, () => stock[language](text, pattern));
  } catch {
    return 'no answer';
  }
}

/** What `ask` answers, or `null` where it gives up after its time. */
export function unlessTimedOut<Answer>(ask: () => Answer): Answer | null {
  try {
    return ask();
  } catch (error) {
    if (error instanceof PatternTimedOut) return null;
    throw error;
  }
}

/** What `compile` gives, or `null` where it refuses the pattern. */
export function unlessRefused<Compiled>(compile: () => Compiled): Compiled | null {
  try {
    return compile();
  } catch (error) {
    if (error instanceof PatternRefused) return null;
    throw error;
  }
}
