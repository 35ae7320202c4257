import { PortcullisError } from '../../core/errors.ts';
import { Users } from '../entities/accounts.ts';
import { GroupNestings, Groups, Memberships, PolicyEpoch } from '../entities/groups.ts';
import { isUuid } from '../identifiers.ts';
import type { GroupRepository } from '../contract/groups.ts';
import type { Unit } from '../unit.ts';
import { setClaimed } from './claimed-groups.ts';
import { insertNew } from './insert-new.ts';
import { makeGroups } from './make-groups.ts';
import { changeWhatPoliciesRead } from './policy-epoch.ts';

export function createGroups(store: Pick<Unit, 'manager' | 'query' | 'changing'>): GroupRepository {
  const { manager, query, changing } = store;
  return {
    list: () => manager.find(Groups, { order: { name: 'ASC' } }),

    create: (name, at) => insertNew(manager, Groups, { name, createdAt: at }),

    delete: (name) =>
      changeWhatPoliciesRead(store, async (unit, touch) => {
        touch.everyone();
        const [{ changed } = { changed: false }]: { changed: boolean }[] = await unit.query(
          `SELECT EXISTS (SELECT 1 FROM group_nestings WHERE member = $1 OR group_name = $1)
            OR EXISTS (SELECT 1 FROM grants WHERE group_name = $1) AS changed`,
          [name],
        );
        return { result: (await unit.delete(Groups, { name })).affected === 1, changed };
      }),

    async groupsOf(userIds) {
      const known = userIds.filter(isUuid);
      const found = new Map<string, string[]>(userIds.map((id) => [id, []]));
      if (known.length === 0) return found;
      const { rows } = await query<{ user_id: string; group_name: string }>({
        text: `SELECT DISTINCT user_id, group_name FROM memberships WHERE user_id = ANY($1::uuid[]) ORDER BY group_name`,
        values: [known],
      });
      for (const row of rows) found.get(row.user_id)?.push(row.group_name);
      return found;
    },

    async groupsWithout({ id, userId }) {
      if (!isUuid(id) || !isUuid(userId)) return [];
      const { rows } = await query<{ group_name: string }>({
        text: `SELECT DISTINCT group_name FROM memberships
          WHERE user_id = $1 AND identity_id IS DISTINCT FROM $2 ORDER BY group_name`,
        values: [userId, id],
      });
      return rows.map((row) => row.group_name);
    },

    membersOf(group, { after, limit }) {
      const members = manager
        .createQueryBuilder(Users, 'u')
        .where('EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.group_name = :group)', {
          group,
        })
        .orderBy('u.username')
        .limit(limit);
      return (after === null ? members : members.andWhere('u.username > :after', { after })).getMany();
    },

    // No epoch: a membership is read with the session itself.
    addMember: (group, userId, by, at) =>
      changing((touch) =>
        manager.transaction(async (unit) => {
          // The account before the groups, as its deletion in one unit with a group's would take them.
          const held: unknown[] = isUuid(userId)
            ? await unit.query('SELECT 1 FROM users WHERE id = $1 FOR KEY SHARE', [userId])
            : [];
          if (held.length === 0)
            throw new PortcullisError('NOT_FOUND', { detail: 'no account has such an id' });
          touch.user(userId);
          await makeGroups(unit, [group], at);
          return insertNew(unit, Memberships, { userId, group, identityId: null, by, at });
        }),
      ),

    async removeMember(group, userId) {
      if (!isUuid(userId)) return false;
      return changing(async (touch) => {
        touch.user(userId);
        return ((await manager.delete(Memberships, { userId, group })).affected ?? 0) > 0;
      });
    },

    setClaimed: (...claimed) => setClaimed(store, ...claimed),

    nestings: () => manager.find(GroupNestings, { order: { group: 'ASC', member: 'ASC' } }),

    addNesting: (row) =>
      changeWhatPoliciesRead(store, async (unit) => {
        await makeGroups(unit, [row.member, row.group], row.at);
        const added = await insertNew(unit, GroupNestings, row);
        return { result: added, changed: added };
      }),

    removeNesting: (member, group) =>
      changeWhatPoliciesRead(store, async (unit) => {
        const removed = (await unit.delete(GroupNestings, { member, group })).affected === 1;
        return { result: removed, changed: removed };
      }),

    epoch: async () => (await manager.findOneByOrFail(PolicyEpoch, { onlyRow: true })).value,
  };
}
