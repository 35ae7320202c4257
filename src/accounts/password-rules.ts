import { codePoints, longestPassword, parsePassword, type Password } from './password.ts';

/** Whose password it is to be: what it must not be equal to. */
export interface PasswordOwner {
  readonly username: string;
  readonly emails: readonly string[];
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

export type NewPassword = { readonly password: Password } | { readonly fault: string };

/** A new password, or why it is refused: the reason, as a sentence (OWASP ASVS 5.0, 6.2.1, 6.2.9, 6.2.11). */
export function parseNewPassword(typed: string, owner: PasswordOwner, minLength: number): NewPassword {
  const password = parsePassword(typed);
  if (password === null && typed !== '') {
    return { fault: `Choose a password of at most ${longestPassword} whole characters.` };
  }
  if (password === null || codePoints(password) < minLength) {
    return { fault: `Choose a password of at least ${minLength} characters.` };
  }
  return contextWords(owner).has(folded(password))
    ? { fault: 'Choose a password that is not your username or your e-mail address.' }
    : { password };
}

const contextWords = ({ username, emails }: PasswordOwner): ReadonlySet<string> =>
  new Set([username, ...emails, ...emails.map((address) => address.split('@')[0] ?? '')].map(folded));
