import { renderVisible } from '../core/visible-text.ts';

const longestReason = 300;
/** Shorter ones are replaced as words of their own: within words it would make a sentence unreadable and hide nothing. */
const shortestPart = 4;

/**
 * Foreign code may put what it was given into its errors. Every one of these values is taken out, also as a URL or JSON
 * spells it, and whatever looks like a signed or encrypted token (RFC 7519).
 */
export function withoutSecrets(text: string, secrets: Iterable<string>): string {
  const spelled = [...secrets].flatMap((value) => [
    value,
    encodeURIComponent(Buffer.from(value).toString()),
    new URLSearchParams({ '': value }).toString().slice(1),
    JSON.stringify(value).slice(1, -1),
  ]);
  const values = [...new Set(spelled)]
    .filter((value) => value !== '')
    // The longest first: one value may be a part of another.
    .sort((a, b) => b.length - a.length);
  const long = values.filter(({ length }) => length >= shortestPart).map(escape);
  const short = values.filter(({ length }) => length < shortestPart).map(escape);
  // What stands around the short ones is asked once, not for each: a stranger's query may hold thousands.
  const words = short.length === 0 ? [] : [`(?<!\\w)(?:${short.join('|')})(?!\\w)`];
  const named = [...long, ...words];
  const safe = named.length === 0 ? text : text.replaceAll(new RegExp(named.join('|'), 'g'), '[secret]');
  return safe.replaceAll(/[\w.-]+/g, (run) => (looksLikeToken(run) ? '[secret]' : run));
}

/** Three to five parts, the first of which begins an object: `{"`. */
const looksLikeToken = (run: string): boolean => run.includes('eyJ') && run.split('.').length >= 3;

const escape = (value: string): string => value.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Text of somebody else as a record may hold it: on one line, and short (OWASP ASVS 5.0, 16.4.1). */
export const renderForeign = (text: string): string =>
  renderVisible(text.slice(0, longestReason)).slice(0, longestReason);
