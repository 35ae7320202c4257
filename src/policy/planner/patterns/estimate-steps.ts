/** Steps that a match may take with a text of so many characters, at most. */
export type StepEstimate = (length: number) => number;

/** Segment of a path, up to its end: giving characters back never helps it. */
const wholeSegment = /\[\^\/\]\+(?=\)?(?:\$?$|\/(?![*+?{])))/y;
const characterClass = /\[(?:[^\]\\]|\\[^])*\]/y;
const counted = /\{\d+(?:,\d*)?\}/y;

/**
 * A bound for the backtracking of a regular expression, from how it is written: each `*` or `+` may end anywhere, each
 * `?` and each `|` leaves a choice. Careful rather than clever: `null` for what it does not follow, that is for counted
 * or quantified groups, look-around and references to groups.
 */
export function estimateSteps(source: string): StepEstimate | null {
  let [loops, segments, choices, outerBars, depth] = [0, 0, 0, 0, 0];
  for (let at = 0; at < source.length;) {
    const sign = source.charAt(at);
    const segment = lengthAt(wholeSegment, source, at);
    if (segment > 0) {
      segments++;
      at += segment;
      continue;
    }
    if (sign === '(') {
      if (source.charAt(at + 1) === '?' && source.charAt(at + 2) !== ':') return null;
      depth++;
      at += source.charAt(at + 1) === '?' ? 3 : 1;
    } else if (sign === '|') {
      choices++;
      if (depth === 0) outerBars++;
      at++;
    } else {
      const atom = lengthOfAtom(source, at);
      if (atom === null) return null;
      if (sign === ')') depth--;
      at += atom;
      if (lengthAt(counted, source, at) > 0) return null;
      const quantifier = source.charAt(at);
      if (quantifier !== '*' && quantifier !== '+' && quantifier !== '?') continue;
      if (sign === ')') return null;
      if (quantifier === '?') choices++;
      else loops++;
      at += source.charAt(at + 1) === '?' ? 2 : 1;
    }
  }
  const starts = source.startsWith('^') && outerBars === 0 ? 0 : 1;
  return (length) =>
    2 ** choices * (length + 1) ** (loops + starts) * (source.length + (segments > 0 ? length : 0));
}

/** The characters of the atom, or of the end of a group; `null` where it may refer to a group. */
function lengthOfAtom(source: string, at: number): number | null {
  const sign = source.charAt(at);
  if (sign === '\\') return /[1-9k]/.test(source.charAt(at + 1)) ? null : 2;
  return sign === '[' ? lengthAt(characterClass, source, at) : 1;
}

function lengthAt(what: RegExp, source: string, at: number): number {
  what.lastIndex = at;
  return what.exec(source)?.[0].length ?? 0;
}
