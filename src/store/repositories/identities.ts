import { In } from 'typeorm';
import { PortcullisError } from '../../core/errors.ts';
import { Identities } from '../entities/identities.ts';
import { isUuid } from '../identifiers.ts';
import type { IdentityRepository, IdentityRow } from '../contract/identities.ts';
import { isStorable, renderStorable } from '../text.ts';
import type { Unit } from '../unit.ts';
import { setClaimedEmail } from './claimed-email.ts';
import { insertNew } from './insert-new.ts';

const labelLength = 200;

/** Holds the account of identity `$1`: before the identity itself, as the deletion of an account takes them. */
const heldOwner = `
  (SELECT u.id FROM users u JOIN identities i ON i.user_id = u.id WHERE i.id = $1 FOR KEY SHARE OF u) AS owner`;

export function createIdentities({
  manager,
  query,
  changing,
}: Pick<Unit, 'manager' | 'query' | 'changing'>): IdentityRepository {
  return {
    find: async (issuer, subject) =>
      isStorable(issuer) && isStorable(subject) ? manager.findOneBy(Identities, { issuer, subject }) : null,

    byId: async (id) => (isUuid(id) ? manager.findOneBy(Identities, { id }) : null),

    async ofUsers(userIds) {
      const known = userIds.filter(isUuid);
      const found = new Map<string, IdentityRow[]>(userIds.map((id) => [id, []]));
      if (known.length === 0) return found;
      const rows = await manager.find(Identities, {
        where: { userId: In(known) },
        order: { linkedAt: 'ASC', id: 'ASC' },
      });
      for (const identity of rows) found.get(identity.userId)?.push(identity);
      return found;
    },

    async insert(identity) {
      const { issuer, subject } = identity;
      if (!isUuid(identity.userId)) {
        throw new PortcullisError('NOT_FOUND', { detail: 'no account has such an id' });
      }
      if (!isStorable(issuer) || !isStorable(subject)) {
        throw new PortcullisError('BAD_USER_INPUT', {
          detail: 'an issuer or subject that is no Unicode text',
        });
      }
      return insertNew(manager, Identities, {
        ...identity,
        label: renderStorable(identity.label, labelLength),
      });
    },

    async recordUse(id, { authenticator, label, lastUsedAt }) {
      if (!isUuid(id)) return false;
      // Two logins at once: the later use stands.
      const { rowCount } = await query({
        text: `UPDATE identities SET authenticator = $2, label = $3, last_used_at = greatest(last_used_at, $4)
          FROM ${heldOwner} WHERE identities.id = $1 AND identities.user_id = owner.id`,
        values: [id, authenticator, renderStorable(label, labelLength), new Date(lastUsedAt)],
      });
      return rowCount === 1;
    },

    setClaimedEmail: (...claim) => setClaimedEmail(manager, ...claim),

    async delete(id) {
      if (!isUuid(id)) return false;
      return changing(async (touch) => {
        // First: the answer of what is committed may be lost.
        const owners = await query<{ user_id: string }>({
          text: 'SELECT user_id FROM identities WHERE id = $1',
          values: [id],
        });
        for (const row of owners.rows) touch.user(row.user_id);
        const { rowCount } = await query({
          text: `DELETE FROM identities USING ${heldOwner}
            WHERE identities.id = $1 AND identities.user_id = owner.id`,
          values: [id],
        });
        return rowCount === 1;
      });
    },
  };
}
