import { parseUsername } from '../core/names.ts';
import type { MembershipRow } from '../policy/rule.ts';
import type { Store } from '../store/store.ts';

/** The group whose members may do anything (`policies/builtin.csv`). */
export const superusers = 'superusers';

/** Every subject that counts as a superuser by the policy's own rows: the group itself, groups within it, and users. */
function subjectsBelow(rows: readonly MembershipRow[]): ReadonlySet<string> {
  const found = new Set([`group:${superusers}`]);
  for (const above of found) {
    for (const { member, group } of rows) if (group === above) found.add(member);
  }
  return found;
}

/** Whether any account is a superuser, be it by a row of the database or of a policy file, directly or through groups. */
export async function hasAdministrator(
  { groups, users }: Pick<Store, 'groups' | 'users'>,
  rows: readonly MembershipRow[],
): Promise<boolean> {
  for (const subject of subjectsBelow(rows)) {
    const [, kind, name = ''] = /^(group|user):(.+)$/s.exec(subject) ?? [];
    if (kind === 'group') {
      if ((await groups.membersOf(name, { after: null, limit: 1 })).length > 0) return true;
    } else if (kind === 'user') {
      const username = parseUsername(name);
      if (username !== null && (await users.findByUsername(username)) !== null) return true;
    }
  }
  return false;
}
