/**
 * What every text that the regular expression matches begins with: the literal characters behind its `^`. Empty where
 * there is no `^`, or a `|` that is in no group.
 */
export function readExpressionPrefix(source: string): string {
  if (!source.startsWith('^') || hasOuterBar(source)) return '';
  let prefix = '';
  for (let at = 1; at < source.length;) {
    const escaped = source.charAt(at) === '\\';
    const sign = source.charAt(escaped ? at + 1 : at);
    if (escaped ? /[A-Za-z0-9]/.test(sign) : /[\\^$.*+?()[\]{}]/.test(sign)) break;
    at += escaped ? 2 : 1;
    if (/[*?+{]/.test(source.charAt(at))) break;
    prefix += sign;
  }
  return prefix;
}

function hasOuterBar(source: string): boolean {
  let depth = 0;
  for (const [sign] of source.matchAll(/\\[^]|\[(?:[^\]\\]|\\[^])*\]|[()|]/g)) {
    if (sign === '(') depth++;
    else if (sign === ')') depth--;
    else if (sign === '|' && depth === 0) return true;
  }
  return false;
}

/**
 * What every text that the glob matches begins with, once runs of slashes are one slash in it. Empty where a `..` of
 * the glob may take segments back.
 */
export function readGlobPrefix(glob: string): string {
  const goesBack = glob.includes('..') || (glob.includes('{') && glob.includes('.'));
  return goesBack ? '' : joinSlashes(/^[^*?[\]{}()!+@\\#,]*/.exec(glob)?.[0] ?? '');
}

/** minimatch takes a run of slashes for one, in globs and in texts. */
export const joinSlashes = (text: string): string =>
  text.includes('//') ? text.replace(/\/{2,}/g, '/') : text;
