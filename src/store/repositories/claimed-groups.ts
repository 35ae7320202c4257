import type { GroupRepository } from '../contract/groups.ts';
import type { Unit } from '../unit.ts';
import { holdIdentity } from './hold-identity.ts';
import { makeGroups } from './make-groups.ts';

/** No epoch: a membership is read with the session itself. */
export const setClaimed = (
  { manager, changing }: Pick<Unit, 'manager' | 'changing'>,
  ...[identity, groups, by, at]: Parameters<GroupRepository['setClaimed']>
): ReturnType<GroupRepository['setClaimed']> =>
  changing((touch) =>
    manager.transaction(async (unit) => {
      await holdIdentity(unit, identity);
      const rows: { group_name: string }[] = await unit.query(
        'SELECT group_name FROM memberships WHERE identity_id = $1',
        [identity.id],
      );
      const had = new Set(rows.map((row) => row.group_name));
      const wanted = new Set(groups);
      const added = [...wanted].filter((group) => !had.has(group)).sort();
      const removed = [...had].filter((group) => !wanted.has(group)).sort();
      if (added.length > 0 || removed.length > 0) touch.user(identity.userId);
      if (added.length > 0) {
        await makeGroups(unit, added, at);
        await unit.query(
          `INSERT INTO memberships (user_id, group_name, identity_id, added_by, added_at)
            SELECT $1, name, $2, $3, $4 FROM unnest($5::text[]) AS wanted (name)`,
          [identity.userId, identity.id, by, new Date(at), added],
        );
      }
      if (removed.length > 0) {
        await unit.query('DELETE FROM memberships WHERE identity_id = $1 AND group_name = ANY($2)', [
          identity.id,
          removed,
        ]);
      }
      return { added, removed };
    }),
  );
