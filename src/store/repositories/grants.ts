import { PortcullisError } from '../../core/errors.ts';
import { Grants } from '../entities/grants.ts';
import { isUuid } from '../identifiers.ts';
import type { GrantRepository, NamedGrantRow } from '../contract/grants.ts';
import type { Unit } from '../unit.ts';
import { insertNew } from './insert-new.ts';
import { makeGroups } from './make-groups.ts';
import { changeWhatPoliciesRead } from './policy-epoch.ts';

/** A row as `pg` reads it. */
interface GrantColumns {
  readonly id: string;
  readonly user_id: string | null;
  readonly group_name: string | null;
  readonly subject: string;
  readonly permission: string;
  readonly action: string;
  readonly granted_by: string;
  readonly granted_at: Date;
}

/** Named by the account as it is called now. */
const selectNamed = `
SELECT g.id, g.user_id, g.group_name, coalesce('user:' || u.username, 'group:' || g.group_name) AS subject,
  g.permission, g.action, g.granted_by, g.granted_at
FROM grants g LEFT JOIN users u ON u.id = g.user_id`;

const grantOf = (row: GrantColumns): NamedGrantRow => ({
  id: row.id,
  userId: row.user_id,
  group: row.group_name,
  subject: row.subject,
  permission: row.permission,
  action: row.action,
  by: row.granted_by,
  at: row.granted_at.getTime(),
});

export function createGrants(store: Pick<Unit, 'query' | 'manager' | 'changing'>): GrantRepository {
  const { query } = store;
  return {
    async list() {
      const { rows } = await query<GrantColumns>({ text: `${selectNamed} ORDER BY g.granted_at, g.id` });
      return rows.map(grantOf);
    },

    async find(id) {
      if (!isUuid(id)) return null;
      const { rows } = await query<GrantColumns>({ text: `${selectNamed} WHERE g.id = $1`, values: [id] });
      return rows[0] === undefined ? null : grantOf(rows[0]);
    },

    add: (grant) =>
      changeWhatPoliciesRead(store, async (unit) => {
        if (grant.userId !== null && !isUuid(grant.userId)) {
          throw new PortcullisError('NOT_FOUND', { detail: 'no account has such an id' });
        }
        if (grant.group !== null) await makeGroups(unit, [grant.group], grant.at);
        const { id, userId, group, permission, action, by, at } = grant;
        const added = await insertNew(unit, Grants, { id, userId, group, permission, action, by, at });
        return { result: added, changed: added };
      }),

    remove: (id) =>
      changeWhatPoliciesRead(store, async (unit) => {
        const removed = isUuid(id) && (await unit.delete(Grants, { id })).affected === 1;
        return { result: removed, changed: removed };
      }),
  };
}
