import type { AccountStatus, UserRow } from '../../store/contract/users.ts';
import type { Actor } from '../actor.ts';
import { loadUser } from '../find-user.ts';
import { givingAccount } from '../holdings.ts';
import type { ChangeNeeds } from './needs.ts';

/** Suspends an account, or lets it in again: that gives it everything that it holds. */
export function changeStatus(
  userId: string,
  to: AccountStatus,
  by: Actor,
  { administer }: ChangeNeeds,
): Promise<UserRow> {
  const intent = {
    event: to === 'active' ? 'account.reactivated' : 'account.suspended',
    accountId: userId,
  } as const;
  return administer(by, intent, async ({ store }) => {
    const user = await loadUser(store.users, userId);
    const groups = (await store.groups.groupsOf([userId])).get(userId) ?? [];
    return {
      gives: () => (to === 'active' && user.status !== 'active' ? givingAccount(user, groups) : []),
      takes: to === 'suspended',
      async write(unit, record) {
        const from: AccountStatus = to === 'active' ? 'suspended' : 'active';
        // `false` where it has that status already, which is what was asked for.
        const changed = await unit.users.changeStatus(userId, from, to);
        if (changed) record({ ...intent, origin: by.origin, details: { username: user.username } });
        return loadUser(unit.users, userId);
      },
    };
  });
}
