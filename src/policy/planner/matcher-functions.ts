import { FunctionMap, Util } from 'casbin';
import type { MatcherFunction } from './compile-expression.ts';
import { boundedMatch } from './patterns/bounded-match.ts';
import type { PatternLanguage } from './patterns/pattern-language.ts';

/** Casbin's functions that compare a text with a pattern. */
export const patternLanguages: readonly PatternLanguage[] = [
  'keyMatch',
  'keyMatch2',
  'keyMatch3',
  'keyMatch4',
  'keyMatch5',
  'globMatch',
  'regexMatch',
];

/** Everything that a matcher may call but roles: stock's functions, those with patterns bounded in time, and `more`. */
export function matcherFunctions(
  more: Readonly<Record<string, MatcherFunction>> = {},
): ReadonlyMap<string, MatcherFunction> {
  const stock = FunctionMap.loadFunctionMap().getFunctions() as ReadonlyMap<string, MatcherFunction>;
  // Stock's own names can't be taken: there, adding one again does nothing.
  return new Map<string, MatcherFunction>([
    ...Object.entries(more),
    ...stock,
    ...patternLanguages.map((language) => [language, boundedMatch(language)] as const),
    ['globMatch', boundedGlob],
  ]);
}

const globMatch = boundedMatch('globMatch');

/** Alone among them, stock's does not read what it is given as text: what is none makes it throw. */
const boundedGlob = (text: unknown, pattern: unknown): boolean =>
  typeof text === 'string' && typeof pattern === 'string'
    ? globMatch(text, pattern)
    : Util.globMatch(text as string, pattern as string);
