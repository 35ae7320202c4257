import type { CompiledPattern } from './compiled-pattern.ts';
import { compileRegularExpression } from './compile-regular-expression.ts';
import { compileGlob } from './compile-glob.ts';
import type { PatternLanguage } from './pattern-language.ts';
import { PatternTimedOut } from './pattern-timed-out.ts';
import { findPlainSegments } from './plain-segments.ts';
import { buildSegmentTrie } from './segment-trie.ts';

/**
 * One pattern, compiled: Casbin's own answer for every text.
 *
 * @returns a function that throws {PatternTimedOut} where there is no answer within 5 ms.
 * @throws {PatternRefused}
 */
export function compilePattern(language: PatternLanguage, pattern: string): (text: string) => boolean {
  if (language === 'keyMatch') return compilePrefix(pattern);
  if (language === 'globMatch' || language === 'regexMatch') return compileComplex(language, pattern).matches;
  const segments = findPlainSegments(language, pattern);
  if (segments === null) {
    const { matches } = compileComplex(language, pattern);
    return (text) => matches(cutText(language, text));
  }
  const trie = buildSegmentTrie();
  trie.add(segments, 0);
  return (text) => {
    const found = trie.find(cutText(language, text));
    if (found === null) throw new PatternTimedOut(language, pattern, text);
    return found.length > 0;
  };
}

/**
 * A pattern that is not plain. It is asked about what `cutText` leaves.
 *
 * @throws {PatternRefused}
 */
export function compileComplex(
  language: Exclude<PatternLanguage, 'keyMatch'>,
  pattern: string,
): CompiledPattern {
  return language === 'globMatch' ? compileGlob(pattern) : compileRegularExpression(language, pattern);
}

/** What of a text is matched: keyMatch5 leaves the query out. */
export function cutText(language: PatternLanguage, text: string): string {
  const query = language === 'keyMatch5' ? text.indexOf('?') : -1;
  return query === -1 ? text : text.slice(0, query);
}

/** What stands before the first `*`: a prefix with one, all of the text without. */
function compilePrefix(pattern: string): (text: string) => boolean {
  const star = pattern.indexOf('*');
  if (star === -1) return (text) => text === pattern;
  const prefix = pattern.slice(0, star);
  return (text) => text.startsWith(prefix);
}
