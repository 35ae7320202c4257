import { ConditionFailed } from '../condition-failed.ts';
import { readOwn } from '../operand.ts';
import { notLike, type ConditionFunction } from './condition-function.ts';

export const self: ConditionFunction = {
  name: 'self',
  parameters: '',
  answers:
    'Whether the object belongs to the principal: its fact `owner` equals the id of the principal. Never for anonymous; fails where there is no object or no owner.',
  example: 'self(r.ctx)',
  stepUp: false,
  inputs: ['request'],
  fails: true,
  compile(operands, scribe) {
    if (operands.length > 0) throw notLike(self);
    scribe.facts.add('owner');
    return ({ principal, object }) => {
      if (principal.kind !== 'user') return false;
      const owner = readOwn(object, 'owner', 'fact');
      if (typeof owner !== 'string') throw new ConditionFailed('The owner is not an id.');
      return owner === principal.id;
    };
  },
};
