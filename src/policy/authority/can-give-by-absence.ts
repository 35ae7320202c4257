import type { LoadedPolicy } from '../loaded-policy.ts';
import { asksForGroups } from './asks-for-groups.ts';

/**
 * Whether anybody could gain by no longer counting as one of these: a deny rule is about it, or a rule comes to allow,
 * or no longer denies, by a condition that asks for groups.
 */
export function canGiveByAbsence(
  subjects: ReadonlySet<string>,
  { rows, conditions }: Pick<LoadedPolicy, 'rows' | 'conditions'>,
): boolean {
  return rows.rules.some(({ subject, effect, condition }) => {
    if (effect === 'deny' && subjects.has(subject)) return true;
    const form = condition === null ? undefined : conditions.get(condition)?.form;
    return form !== undefined && asksForGroups(form, subjects, effect === 'deny');
  });
}
