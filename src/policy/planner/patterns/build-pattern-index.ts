import { compileComplex, cutText } from './compile-pattern.ts';
import type { CompiledPattern } from './compiled-pattern.ts';
import { joinSlashes } from './literal-prefix.ts';
import type { PatternLanguage } from './pattern-language.ts';
import { PatternTimedOut } from './pattern-timed-out.ts';
import { findPlainSegments, type Segment } from './plain-segments.ts';
import { buildPrefixIndex } from './prefix-index.ts';
import { buildPrefixTree } from './prefix-tree.ts';
import { buildSegmentTrie } from './segment-trie.ts';

/** Many patterns of one language. */
export interface PatternIndex {
  /**
   * @param isAsked leaves patterns out
   * @returns the numbers of the patterns that match, ascending: their places in the list that the index was built of.
   *
   * @throws {PatternTimedOut} when a pattern has no answer within 5 ms, or following all plain ones takes longer.
   */
  find(text: string, isAsked?: (number: number) => boolean): readonly number[];
}

/**
 * Plain patterns are found by their segments, whatever their number. Others are grouped by what their texts must begin
 * with, and only those whose beginning fits are asked.
 *
 * @throws {PatternRefused} at the first pattern that is refused.
 */
export function buildPatternIndex(language: PatternLanguage, patterns: readonly string[]): PatternIndex {
  if (language === 'keyMatch') return buildPrefixIndex(patterns);
  const plain = buildSegmentTrie();
  const complex = new Map<number, CompiledPattern>();
  const byPrefix = buildPrefixTree();
  for (const [number, pattern] of patterns.entries()) {
    const segments = segmentsOf(language, pattern);
    if (segments !== null) {
      plain.add(segments, number);
      continue;
    }
    const compiled = compileComplex(language, pattern);
    complex.set(number, compiled);
    byPrefix.add(compiled.prefix, number);
  }
  return {
    find(text, isAsked = () => true) {
      const cut = cutText(language, text);
      const found = plain.find(cut);
      if (found === null) throw new PatternTimedOut(language, null, text);
      const begun =
        complex.size === 0 ? [] : byPrefix.find(language === 'globMatch' ? joinSlashes(cut) : cut);
      const matched = begun.filter((number) => isAsked(number) && complex.get(number)?.matches(cut) === true);
      return sortNumbers(matched.length === 0 ? found : [...found, ...matched]);
    },
  };
}

const segmentsOf = (
  language: Exclude<PatternLanguage, 'keyMatch'>,
  pattern: string,
): readonly Segment[] | null =>
  language === 'globMatch' || language === 'regexMatch' ? null : findPlainSegments(language, pattern);

const sortNumbers = (numbers: readonly number[]): readonly number[] =>
  numbers.length < 2 ? numbers : numbers.toSorted((a, b) => a - b);
