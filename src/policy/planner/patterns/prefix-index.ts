import type { PatternIndex } from './build-pattern-index.ts';
import { buildPrefixTree } from './prefix-tree.ts';

/** The index of keyMatch: a pattern is what stands before its first `*`, or without one the whole text. */
export function buildPrefixIndex(patterns: readonly string[]): PatternIndex {
  const byPrefix = buildPrefixTree();
  const byText = new Map<string, number[]>();
  for (const [number, pattern] of patterns.entries()) {
    const star = pattern.indexOf('*');
    if (star !== -1) byPrefix.add(pattern.slice(0, star), number);
    else if (byText.get(pattern)?.push(number) === undefined) byText.set(pattern, [number]);
  }
  return {
    find(text) {
      const numbers = [...byPrefix.find(text), ...(byText.get(text) ?? [])];
      return numbers.length < 2 ? numbers : numbers.sort((a, b) => a - b);
    },
  };
}
