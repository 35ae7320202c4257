import { PortcullisError } from '../../core/errors.ts';
import type { Username } from '../../core/names.ts';
import type { PolicyRows } from '../../policy/rule.ts';
import type { AuthorityChange } from '../../policy/snapshot.ts';
import type { UserRow } from '../../store/contract/users.ts';
import type { Actor } from '../actor.ts';
import { checkNoFaults } from '../faults.ts';
import { loadUser } from '../find-user.ts';
import { giving, subjectsOf } from '../holdings.ts';
import { findNameFaults, findUsernameFaults, parseTypedUsername, usernameTaken } from '../new-account.ts';
import type { ChangeNeeds } from './needs.ts';

/** A name that the policy speaks of brings what it gives, and takes along what the old one was denied. */
export async function renameAccount(
  userId: string,
  to: { readonly username?: string; readonly name?: string },
  by: Actor,
  { administer }: ChangeNeeds,
): Promise<UserRow> {
  const username = to.username === undefined ? undefined : parseTypedUsername(to.username);
  checkNoFaults([
    ...(username === undefined ? [] : findUsernameFaults(username)),
    ...(to.name === undefined ? [] : findNameFaults(to.name)),
  ]);
  const wanted = {
    ...(username === undefined || username === null ? {} : { username }),
    ...(to.name === undefined ? {} : { name: to.name }),
  };
  const intent = { event: 'account.renamed', accountId: userId, details: { to: wanted } } as const;
  return administer(by, intent, async ({ store, snapshot }) => {
    const user = await loadUser(store.users, userId);
    const groups = (await store.groups.groupsOf([userId])).get(userId) ?? [];
    const isSame =
      (wanted.username ?? user.username) === user.username && (to.name ?? user.name) === user.name;
    return {
      gives: () => renaming(user, wanted.username ?? user.username, groups, snapshot.rows),
      takes: wanted.username !== undefined,
      async write(unit, record) {
        if (isSame) return user;
        const outcome = await unit.users.rename(userId, wanted);
        if (outcome === 'taken') throw usernameTaken();
        if (outcome === 'gone') throw new PortcullisError('NOT_FOUND');
        const from = { username: user.username, name: user.name };
        record({ ...intent, origin: by.origin, details: { from, to: wanted } });
        return loadUser(unit.users, userId);
      },
    };
  });
}

/** Grants are kept by account: they follow it to its new name. */
function renaming(
  user: UserRow,
  to: Username,
  groups: readonly string[],
  { rules }: PolicyRows,
): readonly AuthorityChange[] {
  if (to === user.username) return [];
  const grants = rules
    .filter(({ subject, provenance }) => subject === `user:${user.username}` && provenance.kind === 'grant')
    .map(({ object, action }) => ({ permission: object, action }));
  return [
    giving({ subjects: [`user:${to}`] }),
    {
      before: { subjects: subjectsOf(user, groups) },
      after: { subjects: subjectsOf({ username: to }, groups), grants },
    },
  ];
}
