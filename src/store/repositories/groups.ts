import { In, type EntityManager, type EntitySchema, type ObjectLiteral } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { PortcullisError } from '../../core/errors.ts';
import { Users } from '../entities/accounts.ts';
import { GroupNestings, Groups, Memberships, PolicyEpoch } from '../entities/groups.ts';
import { isUuid } from '../identifiers.ts';
import type { GroupRepository } from '../store.ts';
import type { Unit } from '../unit.ts';

/** Inserts where there is no such row yet; says whether it did. A conflict does not spoil a surrounding transaction. */
async function insertNew<Row extends ObjectLiteral>(
  unit: EntityManager,
  table: EntitySchema<Row>,
  row: QueryDeepPartialEntity<Row>,
): Promise<boolean> {
  const made = await unit
    .createQueryBuilder()
    .insert()
    .into(table)
    .values(row)
    .orIgnore()
    .returning('1')
    .execute();
  return (made.raw as unknown[]).length > 0;
}

/** Read by every request together with its session: a change is seen at the next one, on every server. */
const raisePolicyEpoch = (unit: EntityManager): Promise<unknown> =>
  unit.increment(PolicyEpoch, { onlyRow: true }, 'value', 1);

export function createGroups({ manager }: Pick<Unit, 'manager'>): GroupRepository {
  return {
    list: () => manager.find(Groups, { order: { name: 'ASC' } }),

    async groupsOf(userIds) {
      const known = userIds.filter(isUuid);
      const found = new Map<string, string[]>(userIds.map((id) => [id, []]));
      if (known.length === 0) return found;
      const rows = await manager.find(Memberships, { where: { userId: In(known) }, order: { group: 'ASC' } });
      for (const { userId, group } of rows) found.get(userId)?.push(group);
      return found;
    },

    membersOf(group, { after, limit }) {
      const members = manager
        .createQueryBuilder(Users, 'u')
        .innerJoin(Memberships.options.name, 'm', 'm.userId = u.id AND m.group = :group', { group })
        .orderBy('u.username')
        .limit(limit);
      return (after === null ? members : members.where('u.username > :after', { after })).getMany();
    },

    // No epoch: a membership is read with the session itself.
    addMember: (group, userId, by, at) =>
      manager.transaction(async (unit) => {
        if (!isUuid(userId)) throw new PortcullisError('NOT_FOUND', { detail: 'no account has such an id' });
        await insertNew(unit, Groups, { name: group, createdAt: at });
        return insertNew(unit, Memberships, { userId, group, by, at });
      }),

    async removeMember(group, userId) {
      return isUuid(userId) && (await manager.delete(Memberships, { userId, group })).affected === 1;
    },

    nestings: () => manager.find(GroupNestings, { order: { group: 'ASC', member: 'ASC' } }),

    addNesting: (row) =>
      manager.transaction(async (unit) => {
        // In the order of their names: two nestings of the same pair must not wait for each other.
        for (const name of [row.member, row.group].sort()) {
          await insertNew(unit, Groups, { name, createdAt: row.at });
        }
        const added = await insertNew(unit, GroupNestings, row);
        if (added) await raisePolicyEpoch(unit);
        return added;
      }),

    removeNesting: (member, group) =>
      manager.transaction(async (unit) => {
        const removed = (await unit.delete(GroupNestings, { member, group })).affected === 1;
        if (removed) await raisePolicyEpoch(unit);
        return removed;
      }),

    epoch: async () => (await manager.findOneByOrFail(PolicyEpoch, { onlyRow: true })).value,
  };
}
