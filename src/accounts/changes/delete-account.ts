import type { Actor } from '../actor.ts';
import { loadUser } from '../find-user.ts';
import type { ChangeNeeds } from './needs.ts';

/** Nobody gains by it: the username is held against the policy again when somebody takes it. */
export function deleteAccount(userId: string, by: Actor, { administer }: ChangeNeeds): Promise<void> {
  const intent = { event: 'account.deleted', accountId: userId } as const;
  return administer(by, intent, async ({ store }) => {
    const { username } = await loadUser(store.users, userId);
    return {
      gives: () => [],
      takes: true,
      async write(unit, record) {
        await unit.users.delete(userId);
        record({ ...intent, origin: by.origin, details: { username } });
      },
    };
  });
}
