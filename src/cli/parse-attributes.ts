import { PortcullisError } from '../core/errors.ts';
import type { AttributeValue } from '../core/principal.ts';
import type { Settings } from '../config/settings.ts';
import type { AttributeChanges } from '../store/contract/users.ts';

/**
 * `department=sales`, `level=3`, `onCall=true`, `sites=paris,rome`, each read by its declared kind; `department=` removes it.
 * What is not declared is read as text, for the accounts to refuse by name.
 */
export function parseAttributes(
  assignments: readonly string[],
  declared: Settings['attributes'],
): AttributeChanges {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const [, name, text] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
      if (name === undefined || text === undefined)
        throw refusal(assignment, 'name=value, or name= to remove it');
      return [name, text === '' ? null : parseValue(text, declared[name], assignment)];
    }),
  );
}

function parseValue(
  text: string,
  kind: Settings['attributes'][string] | undefined,
  assignment: string,
): AttributeValue {
  if (kind === 'strings') return text.split(',');
  if (kind === 'boolean') {
    if (text !== 'true' && text !== 'false') throw refusal(assignment, 'true or false after the =');
    return text === 'true';
  }
  if (kind === 'number') {
    const number = Number(text);
    if (text.trim() === '' || !Number.isFinite(number)) throw refusal(assignment, 'a number after the =');
    return number;
  }
  return text;
}

const refusal = (assignment: string, wanted: string): PortcullisError =>
  new PortcullisError('BAD_USER_INPUT', { message: `"${assignment}" is no attribute: write ${wanted}.` });
