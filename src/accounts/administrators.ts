import { parseUsername } from '../core/names.ts';
import type { MembershipRow } from '../policy/rule.ts';
import type { UserRow } from '../store/contract/users.ts';
import type { Store } from '../store/store.ts';
import { allPages } from './all-pages.ts';

/** The group whose members may do anything (`policies/builtin.csv`). */
export const superusers = 'superusers';

type Rows = Pick<Store, 'groups' | 'users'>;

/** Whether any account is a superuser, whatever its status: by a row of the database or of a policy file, or through groups. */
export const hasAdministrator = (store: Rows, rows: readonly MembershipRow[]): Promise<boolean> =>
  hasSuperuser(store, rows, () => true);

/** Whether any account that can act is a superuser. */
export const hasActiveAdministrator = (store: Rows, rows: readonly MembershipRow[]): Promise<boolean> =>
  hasSuperuser(store, rows, ({ status }) => status === 'active');

/** @param rows of the policy; of those made at run time the store's own count, which are newer */
async function hasSuperuser(
  store: Rows,
  rows: readonly MembershipRow[],
  counts: (user: UserRow) => boolean,
): Promise<boolean> {
  const nestings = (await store.groups.nestings()).map(({ member, group }) => ({
    member: `group:${member}`,
    group: `group:${group}`,
  }));
  const ofFiles = rows.filter(({ provenance }) => provenance.kind === 'file');
  for (const subject of subjectsBelow([...ofFiles, ...nestings])) {
    const [, kind, name = ''] = /^(group|user):(.+)$/s.exec(subject) ?? [];
    if (kind === 'group' && (await hasMember(store, name, counts))) return true;
    const username = kind === 'user' ? parseUsername(name) : null;
    const user = username === null ? null : await store.users.findByUsername(username);
    if (user !== null && counts(user)) return true;
  }
  return false;
}

/** Every subject that counts as a superuser: the group itself, groups within it, and users. */
function subjectsBelow(rows: readonly Pick<MembershipRow, 'member' | 'group'>[]): ReadonlySet<string> {
  const found = new Set([`group:${superusers}`]);
  for (const above of found) {
    for (const { member, group } of rows) if (group === above) found.add(member);
  }
  return found;
}

async function hasMember(
  { groups }: Rows,
  group: string,
  counts: (user: UserRow) => boolean,
): Promise<boolean> {
  for await (const users of allPages((page) => groups.membersOf(group, page))) {
    if (users.some(counts)) return true;
  }
  return false;
}
