import { codePoints } from '../accounts/password.ts';
import { PortcullisError } from '../core/errors.ts';
import type { FormField } from './authenticator.ts';

/** What somebody typed, by field name. */
export type Credentials = ReadonlyMap<string, string>;

/**
 * The fields' values, and no others. Strings only (OWASP ASVS 5.0, 2.2.1): a number, an array or an object that a JSON
 * body can hold is BAD_USER_INPUT, and so is what is missing, empty or too long.
 */
export function parseCredentials(input: unknown, fields: readonly FormField[]): Credentials {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new PortcullisError('BAD_USER_INPUT', { detail: 'credentials are no object' });
  }
  const typed = new Map(Object.entries(input));
  const faults = fields.flatMap((field) => findFault(field, typed.get(field.name)) ?? []);
  if (faults.length > 0) throw new PortcullisError('BAD_USER_INPUT', { message: faults.join(' ') });
  return new Map(fields.map(({ name }) => [name, String(typed.get(name))]));
}

function findFault({ label, maxLength }: FormField, value: unknown): string | null {
  if (value === undefined || value === '') return `${label}: fill this in.`;
  if (typeof value !== 'string') return `${label}: send this as a string.`;
  // In UTF-16 units first: normalising takes long for what is very long. One code point decomposes into at most four.
  return value.length > 8 * maxLength || codePoints(value.normalize('NFKC')) > maxLength
    ? `${label}: at most ${maxLength} characters.`
    : null;
}

/** The name that was typed, as the browser's autofill knows it; `null` where the form asks for none. */
export function findTypedName(fields: readonly FormField[], credentials: Credentials): string | null {
  const field = fields.find(({ autocomplete }) => autocomplete.split(' ').includes('username'));
  return field === undefined ? null : (credentials.get(field.name) ?? null);
}
