import type { AttributeValue } from '../core/principal.ts';
import type { FactKind } from '../policy/declarations.ts';
import type { AttributeChanges } from '../store/contract/users.ts';

/** Attributes that accounts may have, by name. */
export type AttributeDeclarations = Readonly<Record<string, FactKind>>;

const kindOf = (value: AttributeValue): FactKind =>
  typeof value === 'object' ? 'strings' : (typeof value as Exclude<FactKind, 'strings'>);

/** Why attributes are refused, one sentence each: a policy compares only what is declared, and by its kind. */
export const findAttributeFaults = (
  attributes: AttributeChanges,
  declared: AttributeDeclarations,
): string[] =>
  Object.entries(attributes).flatMap(([name, value]) => {
    const wanted = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (wanted === undefined)
      return [`The attribute ${JSON.stringify(name)} is not declared. Declare it in the setting attributes.`];
    return value === null || kindOf(value) === wanted
      ? []
      : [`The attribute ${name} must be of the kind ${wanted}.`];
  });
