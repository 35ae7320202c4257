import type { LoadedPolicy } from '../loaded-policy.ts';
import { asksForGroups } from './asks-for-groups.ts';

/**
 * Whether somebody could gain more by counting as one of these than whoever has nothing else gains: a rule about another
 * group comes to allow, or any rule no longer denies, by a condition that asks for groups.
 *
 * @param plain what everybody with an account counts as: what is allowed to it is seen without asking who it is
 */
export function canGiveByPresence(
  subjects: ReadonlySet<string>,
  plain: ReadonlySet<string>,
  { rows, conditions }: Pick<LoadedPolicy, 'rows' | 'conditions'>,
): boolean {
  return rows.rules.some(({ subject, effect, condition }) => {
    if (effect === 'allow' && plain.has(subject)) return false;
    const form = condition === null ? undefined : conditions.get(condition)?.form;
    return form !== undefined && asksForGroups(form, subjects, effect === 'allow');
  });
}
