import type { ConditionForm } from '../conditions/form.ts';

/**
 * Whether a condition asks for one of the groups, by name or for such as only a request can tell.
 *
 * @param sign `true` for parts that being in a group makes the condition true, `false` for those that it makes false
 */
export function asksForGroups(form: ConditionForm, subjects: ReadonlySet<string>, sign: boolean): boolean {
  switch (form.kind) {
    case 'atom': {
      const { inputs, groups } = form.atom;
      return sign && inputs.has('groups') && (groups?.some((group) => subjects.has(group)) ?? true);
    }
    case 'not':
      return asksForGroups(form.part, subjects, !sign);
    case 'and':
    case 'or':
      return asksForGroups(form.left, subjects, sign) || asksForGroups(form.right, subjects, sign);
  }
}
