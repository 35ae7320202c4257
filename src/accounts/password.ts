declare const password: unique symbol;
/** A password as it is hashed: NFKC, 1–1,024 code points, otherwise untouched. */
export type Password = string & { readonly [password]: true };

/** Longest password, in code points of its normalised form. Nothing is ever cut off. */
export const longestPassword = 1_024;

/** How many characters a person would count: code points, not UTF-16 units. */
export const codePoints = (text: string): number => Array.from(text).length;

/**
 * What somebody typed, in the form that is hashed (NIST SP 800-63B, section 3.1.1.2: NFKC, then bytes, so that the same
 * keys on another keyboard give the same password); `null` where no account can have that password. Half of a surrogate
 * pair has no bytes of its own in UTF-8: two such passwords would hash alike.
 */
export function parsePassword(typed: string): Password | null {
  if (typed.length > 4 * longestPassword || /\p{Surrogate}/u.test(typed)) return null;
  const normalised = typed.normalize('NFKC');
  const length = codePoints(normalised);
  return length >= 1 && length <= longestPassword ? (normalised as Password) : null;
}
