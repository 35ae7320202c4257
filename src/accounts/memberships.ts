import type { Clock } from '../core/clock.ts';
import { PortcullisError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { MembershipRow } from '../policy/rule.ts';
import type { Store, UserRow } from '../store/store.ts';
import type { Actor } from './accounts.ts';
import { checkNoFaults } from './faults.ts';
import { checkNestings } from './nesting.ts';
import { groupNameFault } from './group-name.ts';

interface Needs {
  readonly store: Store;
  readonly memberships: () => readonly MembershipRow[];
  readonly findUser: (username: string) => Promise<UserRow>;
  readonly clock: Clock;
}

type Member = { readonly kind: 'user' | 'group'; readonly name: string };

/** `user:<name>` or `group:<name>`. */
function parseMember(member: string): Member {
  const [, kind, name] = /^(user|group):(.+)$/s.exec(member) ?? [];
  if (kind === undefined || name === undefined) {
    throw new PortcullisError('BAD_USER_INPUT', { message: 'Name a member as user:<name> or group:<name>.' });
  }
  return { kind: kind as Member['kind'], name };
}

const checkGroupName = (group: string): void => {
  const fault = groupNameFault(group);
  checkNoFaults(fault === null ? [] : [fault]);
};

/** Who belongs where, as far as the database says it: users in groups, and groups in groups. */
export function createMemberships({ store, memberships, findUser, clock }: Needs) {
  const nest = (member: string, group: string, by: Actor): Promise<boolean> =>
    store.transaction(async ({ groups }) => {
      const row = { id: newId(clock), member, group, by, at: clock.now() };
      // Written first: the write takes the policy epoch's row, so of two nestings that make a circle together the
      // second one waits here, and sees the first.
      const isNew = await groups.addNesting(row);
      checkNestings(memberships(), await groups.nestings());
      return isNew;
    });

  return {
    async add(group: string, member: string, by: Actor): Promise<boolean> {
      checkGroupName(group);
      const { kind, name } = parseMember(member);
      if (kind === 'user') {
        const user = await findUser(name);
        return store.groups.addMember(group, user.id, by, clock.now());
      }
      checkGroupName(name);
      return nest(name, group, by);
    },

    async remove(group: string, member: string): Promise<boolean> {
      checkGroupName(group);
      const { kind, name } = parseMember(member);
      if (kind === 'group') return store.groups.removeNesting(name, group);
      const user = await findUser(name);
      return store.groups.removeMember(group, user.id);
    },
  };
}
