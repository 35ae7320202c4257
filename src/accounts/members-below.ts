import type { PolicySnapshot } from '../policy/snapshot.ts';
import type { UserRow } from '../store/contract/users.ts';
import type { Store } from '../store/store.ts';
import { allPages } from './all-pages.ts';
import { findUserByName } from './find-user.ts';
import { subjectsOf } from './holdings.ts';

/** Somebody as a policy sees them: their own name and their groups, or `anonymous`. */
export interface Member {
  readonly subjects: readonly string[];
}

interface Needs {
  readonly snapshot: PolicySnapshot;
  readonly store: Pick<Store, 'users' | 'groups'>;
}

/** Everybody who is in the group, directly or through other groups; of those who are alike to the policy, one. */
export async function* loadMembersBelow(group: string, { snapshot, store }: Needs): AsyncGenerator<Member> {
  const below = subjectsBelow(`group:${group}`, snapshot);
  const named = namesOf(snapshot);
  const seen = new Set<string>();
  if (below.has('anonymous')) yield { subjects: ['anonymous'] };

  for await (const users of loadUsers(below, store)) {
    const groups = await store.groups.groupsOf(users.map(({ id }) => id));
    for (const user of users) {
      const subjects = subjectsOf(user, groups.get(user.id) ?? []);
      const key = named.has(`user:${user.username}`) ? subjects.join() : subjects.slice(1).join();
      if (seen.has(key)) continue;
      seen.add(key);
      yield { subjects };
    }
  }
}

async function* loadUsers(
  below: ReadonlySet<string>,
  { users, groups }: Needs['store'],
): AsyncGenerator<readonly UserRow[]> {
  if (below.has('authenticated')) {
    yield* allPages((page) => users.list(page));
    return;
  }
  for (const subject of below) {
    const [, kind, name = ''] = /^(group|user):(.+)$/s.exec(subject) ?? [];
    if (kind === 'group') yield* allPages((page) => groups.membersOf(name, page));
    if (kind === 'user') {
      const user = await findUserByName(users, name);
      if (user !== null) yield [user];
    }
  }
}

/** By the rows of files and of grants; that everybody is `everyone` needs no row. */
function subjectsBelow(top: string, { rows }: PolicySnapshot): ReadonlySet<string> {
  const found = new Set([top]);
  for (const above of found) {
    for (const { member, group } of rows.memberships) if (group === above) found.add(member);
    if (above === 'everyone') found.add('anonymous').add('authenticated');
  }
  return found;
}

/** Accounts that the policy speaks of by name: no two of them are alike to it. */
const namesOf = ({ rows, namedUsers }: PolicySnapshot): ReadonlySet<string> =>
  new Set([
    ...rows.rules.map(({ subject }) => subject),
    ...rows.memberships.map(({ member }) => member),
    ...[...namedUsers].map((name) => `user:${name}`),
  ]);
