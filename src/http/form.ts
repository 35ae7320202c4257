import { PortcullisError } from '../core/errors.ts';

/** The fields of a posted form: strings, each name once, on an object without a prototype. */
export type Form = Readonly<Record<string, string>>;

/**
 * Reads application/x-www-form-urlencoded (URL Standard, section 5.1), of a body or a query string.
 * @throws BAD_USER_INPUT with that message where a name comes twice: which of the two counts is nobody's guess.
 */
export function parseMembers(text: string, twice: string): Form {
  const form = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(text)) {
    if (Object.hasOwn(form, name)) throw new PortcullisError('BAD_USER_INPUT', { message: twice });
    form[name] = value;
  }
  return form;
}

/** The fields of a posted form. */
export const parseForm = (body: string): Form =>
  parseMembers(body, 'A field of the form was sent twice. Open the page again, and send it once.');
