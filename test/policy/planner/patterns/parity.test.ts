import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boundedMatch } from '../../../../src/policy/planner/patterns/bounded-match.ts';
import { buildPatternIndex } from '../../../../src/policy/planner/patterns/build-pattern-index.ts';
import { compilePattern } from '../../../../src/policy/planner/patterns/compile-pattern.ts';
import { rounds } from '../../../rounds.ts';
import { patternsWithTexts, patternWithTexts } from './arbitraries.ts';
import { askStock, languages, stock, unlessRefused, unlessTimedOut } from './stock.ts';

/** Of `false`, `0` and nothing the empty text, as in Casbin's other functions. */
const textOf = (value: unknown): string =>
  [undefined, null, 0, false].includes(value as null) ? '' : String(value);

describe.each(languages)('%s', (language) => {
  test('a compiled pattern answers as Casbin does, and what is refused Casbin never says yes to', () => {
    const match = boundedMatch(language);
    fc.assert(
      fc.property(patternWithTexts, ([pattern, texts]) => {
        const compiled = unlessRefused(() => compilePattern(language, pattern));
        for (const text of compiled === null ? texts.slice(0, 1) : texts) {
          const answer = askStock(language, text, pattern, compiled === null ? 5 : 200);
          // keyMatch4 with groups of its own: Casbin says no, or throws.
          if (compiled === null) expect([false, 'no answer']).toContain(answer);
          else if (answer !== 'no answer') {
            expect([answer, null]).toContain(unlessTimedOut(() => compiled(text)));
            expect([answer, null]).toContain(unlessTimedOut(() => match(text, pattern)));
          }
        }
      }),
      { numRuns: rounds(1_000, 100_000) },
    );
  });

  test('an index finds the patterns that Casbin matches one by one', () => {
    fc.assert(
      fc.property(patternsWithTexts, ([many, texts]) => {
        const accepted = many.filter((each) => unlessRefused(() => compilePattern(language, each)) !== null);
        const index = buildPatternIndex(language, accepted);
        for (const text of texts) {
          const found = unlessTimedOut(() => index.find(text));
          if (found === null) continue;
          const wanted = accepted.flatMap((each, number) => (stock[language](text, each) ? [number] : []));
          expect(found).toEqual(wanted);
        }
      }),
      { numRuns: rounds(1_000, 100_000) },
    );
  });

  test('nothing but refusals differs for arguments that are not strings', () => {
    const match = boundedMatch(language);
    for (const text of [undefined, null, 0, 1, false, true, '', ['a'], { toString: () => 'a' }, 10n]) {
      for (const pattern of [undefined, null, 0, 1, false, '', ['a'], 'true', '10', '/a']) {
        const stocks = (stock[language] as (text: unknown, pattern: unknown) => boolean)(
          language === 'globMatch' ? textOf(text) : text,
          language === 'globMatch' ? textOf(pattern) : pattern,
        );
        expect([text, pattern, match(text, pattern)]).toEqual([text, pattern, stocks]);
      }
    }
  });
});

test('keyMatch4 compares all values as soon as one name is given twice, as Casbin does', () => {
  const match = compilePattern('keyMatch4', '/a/{x}/b/{y}/c/{x}');
  expect(match('/a/1/b/1/c/1')).toBe(true);
  expect(match('/a/1/b/2/c/1')).toBe(false);
  expect(stock.keyMatch4('/a/1/b/2/c/1', '/a/{x}/b/{y}/c/{x}')).toBe(false);
});
