/**
 * What moves a cursor, ends a line, turns the direction of text or is half a character: control characters (C0, DEL,
 * C1), line and paragraph separators, bidirectional controls (Unicode UAX #9), lone surrogates.
 */
const invisible = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Surrogate}]/gu;
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text of a stranger's as it may be shown in a log, a table or a terminal: one line, and nothing in it that acts. What
 * would act is shown as an escape such as `\u001b`.
 */
export const renderVisible = (text: string): string =>
  text.replace(
    invisible,
    (character) => short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
