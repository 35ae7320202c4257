import { ConditionRefused } from '../condition-refused.ts';
import { notLike, type ConditionFunction } from './condition-function.ts';

export const hasAttribute: ConditionFunction = {
  name: 'has_attribute',
  parameters: 'name of a declared attribute, value',
  answers:
    "Whether the principal's attribute has that value, or, being a list, holds it. False for anonymous and where the attribute is not set.",
  example: "has_attribute(r.ctx, 'department', 'sales')",
  stepUp: false,
  inputs: [],
  fails: false,
  compile([attribute, value, ...more], { attributes, held }) {
    const name = attribute?.literal;
    const wanted = value?.literal;
    const isScalar = typeof wanted === 'string' || typeof wanted === 'number' || typeof wanted === 'boolean';
    if (typeof name !== 'string' || !isScalar || more.length > 0) throw notLike(hasAttribute);
    const kind = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (kind === undefined) {
      throw new ConditionRefused(
        'condition-argument',
        `No attribute ${name} is declared.`,
        'Declare it in the setting attributes, or take a declared one.',
      );
    }
    if ((kind === 'strings' ? 'string' : kind) !== typeof wanted) {
      throw new ConditionRefused(
        'condition-types',
        `The attribute ${name} is of kind ${kind}.`,
        'Compare it with a value of that type.',
      );
    }
    held.add(name);
    return ({ principal }) => {
      if (principal.kind !== 'user' || !Object.hasOwn(principal.attributes, name)) return false;
      const held: unknown = principal.attributes[name];
      return Array.isArray(held) ? held.includes(wanted) : held === wanted;
    };
  },
};
