import type { UserRow } from '../../store/contract/users.ts';
import type { Store } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import { loadUser, loadUserByName } from '../find-user.ts';
import { giving, subjectsOf } from '../holdings.ts';
import { checkNotFiled } from '../names-of-policy.ts';
import type { ChangeNeeds } from './needs.ts';

/** `false` where an administrator gave the membership before. */
export function addUser(
  group: string,
  typedName: string,
  by: Actor,
  { administer, clock }: ChangeNeeds,
): Promise<boolean> {
  const intent = { event: 'group.member-added', details: { group, member: `user:${typedName}` } } as const;
  return administer(by, intent, async ({ store }) => {
    const user = await loadUserByName(store.users, typedName);
    const groups = await groupsOf(user, store);
    return {
      // By itself; and together with what they are in already, which a rule may ask for beside it.
      gives: () => [
        giving({ subjects: [`group:${group}`] }),
        {
          before: { subjects: subjectsOf(user, groups) },
          after: { subjects: subjectsOf(user, [...groups, group]) },
        },
      ],
      takes: false,
      async write(unit, record) {
        await loadUser(unit.users, user.id);
        const added = await unit.groups.addMember(group, user.id, by.origin.subject, clock.now());
        if (added) record({ ...told(intent.event, group, user), origin: by.origin });
        return added;
      },
    };
  });
}

/** A membership may bring a deny rule, so taking it away may give. */
export function removeUser(
  group: string,
  typedName: string,
  by: Actor,
  { administer }: ChangeNeeds,
): Promise<boolean> {
  const intent = { event: 'group.member-removed', details: { group, member: `user:${typedName}` } } as const;
  return administer(by, intent, async ({ store, snapshot }) => {
    const user = await loadUserByName(store.users, typedName);
    checkNotFiled(`user:${user.username}`, group, snapshot.rows);
    const groups = await groupsOf(user, store);
    return {
      gives: () => [
        {
          before: { subjects: subjectsOf(user, groups) },
          after: {
            subjects: subjectsOf(
              user,
              groups.filter((each) => each !== group),
            ),
          },
        },
      ],
      takes: true,
      async write(unit, record) {
        const removed = await unit.groups.removeMember(group, user.id);
        if (removed) record({ ...told(intent.event, group, user), origin: by.origin });
        return removed;
      },
    };
  });
}

const groupsOf = async ({ id }: UserRow, store: Pick<Store, 'groups'>): Promise<readonly string[]> =>
  (await store.groups.groupsOf([id])).get(id) ?? [];

const told = <Event extends string>(event: Event, group: string, { id, username }: UserRow) => ({
  event,
  accountId: id,
  details: { group, member: `user:${username}` },
});
