/**
 * What every text that the regular expression matches begins with: the literal characters behind its `^`. Empty where
 * there is a `|`, or no `^`.
 */
export function readExpressionPrefix(source: string): string {
  if (!source.startsWith('^') || source.includes('|')) return '';
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
