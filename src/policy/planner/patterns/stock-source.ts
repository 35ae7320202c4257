import type { PathLanguage } from './pattern-language.ts';
import { PatternRefused } from './pattern-refused.ts';

/** How Casbin finds a name to rewrite, and by what it sees that there is one. */
interface Names {
  readonly mark: string;
  readonly rewritten: RegExp;
  readonly by: string;
}

const braced: Names = { mark: '/{', rewritten: /(.*){[^/]+}(.*)/g, by: '$1[^/]+$2' };
const names: Readonly<Record<PathLanguage, Names>> = {
  keyMatch2: { mark: '/:', rewritten: /(.*):[^/]+(.*)/g, by: '$1[^/]+$2' },
  keyMatch3: braced,
  keyMatch4: { ...braced, by: '$1([^/]+)$2' },
  keyMatch5: braced,
};

/**
 * The regular expression that Casbin makes of a pattern, as text. The steps are Casbin's own, so what it leaves as it
 * stands (`.` or `(`) is as live here as there.
 *
 * @throws {PatternRefused} where Casbin would rewrite for ever.
 */
export function writeStockSource(language: PathLanguage, pattern: string): string {
  const { mark, rewritten, by } = names[language];
  let source = rewriteStars(pattern);
  while (source.includes(mark)) {
    const next = source.replace(rewritten, by);
    if (next === source) throw new PatternRefused(language, pattern, neverEnds(mark));
    source = next;
  }
  return `^${language === 'keyMatch2' && source === '*' ? '(.*)' : source}$`;
}

/** The names of a keyMatch4 pattern with their braces, as Casbin counts them. */
export function readTokens(pattern: string): readonly string[] {
  const source = rewriteStars(pattern);
  const tokens: string[] = [];
  let open = -1;
  for (let at = 0; at < source.length; at++) {
    if (source.charAt(at) === '{') open = at;
    else if (source.charAt(at) === '}') tokens.push(source.substring(open, at + 1));
  }
  return tokens;
}

const rewriteStars = (pattern: string): string => pattern.replace(/\/\*/g, '/.*');

const neverEnds = (mark: string): string =>
  `Casbin would never finish with it. Write a name after every "${mark}"${mark === '/{' ? ', and a "}" before the next "/"' : ''}.`;
