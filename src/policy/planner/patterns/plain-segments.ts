import type { PathLanguage } from './pattern-language.ts';

/** Any one segment that is not empty. */
export const VARIABLE = Symbol('variable');
/** One segment or more, none with a line end: what `/.*` becomes between slashes. */
export const STAR = Symbol('star');

export type Segment = string | typeof VARIABLE | typeof STAR;

/** Live in a regular expression, which is what Casbin makes of a pattern, or a line end, which its rewriting stops at. */
const live = /[\\^$.*+?()[\]{}|\n\r\u2028\u2029]/;
const colonName = /^:[^:\n\r\u2028\u2029]+$/;
const bracedName = /^\{[^{}\n\r\u2028\u2029]+\}$/;

/**
 * The segments of a plain pattern: each a literal, a variable or a star. `null` for every other pattern, and for one in
 * which Casbin's rewriting might read something else.
 */
export function findPlainSegments(language: PathLanguage, pattern: string): readonly Segment[] | null {
  if (language === 'keyMatch2' && pattern === '*') return [STAR];
  const pieces = pattern.split('/');
  const name = language === 'keyMatch2' ? colonName : bracedName;
  // After a "/:" of the pattern Casbin also rewrites colons within segments.
  const colons = language === 'keyMatch2' && pattern.includes('/:');
  const segments: Segment[] = [];
  for (const [place, piece] of pieces.entries()) {
    if (place > 0 && piece === '*') segments.push(STAR);
    else if (place > 0 && name.test(piece)) segments.push(VARIABLE);
    else if (live.test(piece) || (colons && piece.includes(':'))) return null;
    else segments.push(piece);
  }
  return language === 'keyMatch4' && hasTwice(pieces.filter((piece) => name.test(piece))) ? null : segments;
}

/** A name given twice makes keyMatch4 compare values. */
const hasTwice = (names: readonly string[]): boolean => new Set(names).size < names.length;
