/** U+0000, which PostgreSQL stores in no text, and halves of a surrogate pair, which all become the same on their way. */
const unstorable = /\0|\p{Surrogate}/u;
const replacement = '\ufffd';

/** Whether the text comes back as it is. What does not is nobody's key: two of them could become the same. */
export const isStorable = (text: string): boolean => !unstorable.test(text);

/** The text with U+FFFD for what can't be stored, and no longer than `most` UTF-16 units. */
export const renderStorable = (text: string, most: number): string =>
  text.slice(0, most).replaceAll(new RegExp(unstorable, 'gu'), replacement);

/** The longest details of a record, in UTF-16 units of their JSON, and the deepest. */
const longestDetails = 16_000;
const deepestDetails = 20;
/** Left to right, so that the second half of an escaped backslash is never taken for the start of an escape. */
const escapes = /\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g;
const unstorableEscape = /^\\u(?:0000|d)/;

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1)));

const omitted = (why: string): string => JSON.stringify({ omitted: why });

/**
 * Details as JSON that PostgreSQL takes, and that whoever reads them can write again. `JSON.stringify` writes U+0000 as
 * an escape, and of surrogate pairs only the halves; keys are cleaned too. What is too deep (a circle is), too long or no
 * JSON is left out and says so.
 */
export function renderDetails(details: Readonly<Record<string, unknown>>): string {
  if (isDeeper(details, deepestDetails)) return omitted('These details are nested too deep to keep.');
  let json: string;
  try {
    json = JSON.stringify(details);
  } catch {
    return omitted('These details could not be written as JSON.');
  }
  if (json.length > longestDetails) {
    return omitted(`These details have ${json.length} characters: too many to keep.`);
  }
  return json.replaceAll(escapes, (escape) => (unstorableEscape.test(escape) ? replacement : escape));
}
