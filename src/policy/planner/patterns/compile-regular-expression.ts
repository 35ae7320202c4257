import type { CompiledPattern } from './compiled-pattern.ts';
import { readExpressionPrefix } from './literal-prefix.ts';
import type { PathLanguage } from './pattern-language.ts';
import { PatternRefused } from './pattern-refused.ts';
import { readTokens, writeStockSource } from './stock-source.ts';
import { boundMatch, buildExpression, prepareWithin } from './within-bounds.ts';

/**
 * A path pattern or a regular expression as Casbin's own regular expression. The query of a keyMatch5 text is cut off
 * by who asks.
 *
 * @throws {PatternRefused}
 */
export function compileRegularExpression(
  language: PathLanguage | 'regexMatch',
  pattern: string,
): CompiledPattern {
  return prepareWithin(language, pattern, () => {
    const source = language === 'regexMatch' ? pattern : writeStockSource(language, pattern);
    const { expression, steps } = buildExpression(source);
    const match =
      language === 'keyMatch4'
        ? compareValues(pattern, source, expression)
        : (text: string) => expression.test(text);
    return { prefix: readExpressionPrefix(source), matches: boundMatch(language, pattern, steps, match) };
  });
}

/**
 * Casbin's comparison: where any name is given twice, the values of _all_ names must be equal.
 *
 * @throws {PatternRefused} where there are not as many groups as names: Casbin throws at every text that matches.
 */
function compareValues(pattern: string, source: string, expression: RegExp): (text: string) => boolean {
  const tokens = readTokens(pattern);
  // With an empty alternative it always matches, and says how many groups there are.
  const groups = (new RegExp(`${source}|`).exec('') ?? []).length - 1;
  if (tokens.length !== groups) {
    const why = `it has ${tokens.length} names in braces and ${groups} values, and Casbin would throw at what it matches. Write a "/" before each name, and no groups.`;
    throw new PatternRefused('keyMatch4', pattern, why);
  }
  if (new Set(tokens).size === tokens.length) return (text) => expression.test(text);
  return (text) => {
    const values = expression.exec(text)?.slice(1);
    return values?.every((value) => value === values[0]) ?? false;
  };
}
