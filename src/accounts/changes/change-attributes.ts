import type { Attributes } from '../../core/principal.ts';
import type { AttributeChanges } from '../../store/contract/users.ts';
import type { Actor } from '../actor.ts';
import { findAttributeFaults } from '../attributes.ts';
import { checkNoFaults } from '../faults.ts';
import { loadUser } from '../find-user.ts';
import { givingAttributes, subjectsOf } from '../holdings.ts';
import type { ChangeNeeds } from './needs.ts';

/** Attributes that conditions look at can give, and take away what denied. */
export async function changeAttributes(
  userId: string,
  changes: AttributeChanges,
  by: Actor,
  { administer, attributes: declared }: ChangeNeeds,
): Promise<void> {
  checkNoFaults(findAttributeFaults(changes, declared));
  const details = { attributes: Object.keys(changes) };
  const intent = { event: 'account.attributes-changed', accountId: userId, details } as const;
  await administer(by, intent, async ({ store }) => {
    const user = await loadUser(store.users, userId);
    const groups = (await store.groups.groupsOf([userId])).get(userId) ?? [];
    return {
      gives: () =>
        givingAttributes(subjectsOf(user, groups), user.attributes, merge(user.attributes, changes)),
      takes: false,
      async write(unit, record) {
        await unit.users.changeAttributes(userId, changes);
        record({ ...intent, origin: by.origin });
      },
    };
  });
}

const merge = (before: Attributes, changes: AttributeChanges): Attributes =>
  Object.fromEntries(
    Object.entries({ ...before, ...changes }).flatMap(([name, value]) =>
      value === null ? [] : [[name, value] as const],
    ),
  );
