import { isGroupName } from '../../../core/names.ts';
import { ConditionFailed } from '../condition-failed.ts';
import { notLike, type ConditionFunction } from './condition-function.ts';

const isGroup = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith('group:') && isGroupName(value.slice('group:'.length));

export const inGroup: ConditionFunction = {
  name: 'in_group',
  parameters: 'group:<name>, or a list of them, such as a fact of the object',
  answers:
    'Whether the principal is in the group, or in one of them, directly or through other groups. Fails where the value is not made of groups.',
  example: "in_group(r.ctx, 'group:support')",
  stepUp: false,
  inputs: ['groups'],
  fails: false,
  compile([groups, ...more]) {
    if (groups === undefined || more.length > 0) throw notLike(inGroup);
    if (groups.literal !== undefined && ![groups.literal].flat().every(isGroup)) throw notLike(inGroup);
    if (groups.kind !== 'string' && groups.kind !== 'strings' && groups.kind !== 'unknown')
      throw notLike(inGroup);
    return (scope) => {
      const named: readonly unknown[] = [groups.read(scope)].flat();
      if (!named.every(isGroup)) throw new ConditionFailed(`${groups.text} is not made of groups.`);
      return named.some((group) => scope.subjects.has(group));
    };
  },
};
