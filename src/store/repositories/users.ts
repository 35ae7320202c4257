import { In, MoreThan } from 'typeorm';
import { EmailAddresses, Passwords, Users } from '../entities/accounts.ts';
import { Grants } from '../entities/grants.ts';
import { isUuid } from '../identifiers.ts';
import type { EmailRow, UserRepository, UserRow } from '../contract/users.ts';
import type { Unit } from '../unit.ts';
import { changeWhatPoliciesRead } from './policy-epoch.ts';
import { renameUser } from './rename-user.ts';

/** A row as `pg` reads it. */
interface UserColumns {
  readonly id: string | null;
  readonly username: UserRow['username'];
  readonly name: string;
  readonly status: UserRow['status'];
  readonly attributes: UserRow['attributes'];
  readonly session_epoch: number;
  readonly created_at: Date;
}

/**
 * What a login asks first of a name, and of its password below: on `pg` itself and with one row for whoever is asked for,
 * because the making of an entity takes long enough to tell, over many tries, whether there is one (OWASP ASVS 5.0, 6.3.8).
 */
const byUsername = `
SELECT u.id, coalesce(u.username, $1) AS username, coalesce(u.name, $1) AS name, coalesce(u.status, 'active') AS status,
  coalesce(u.attributes, '{}') AS attributes, coalesce(u.session_epoch, 0) AS session_epoch,
  coalesce(u.created_at, 'epoch') AS created_at
FROM (VALUES (1)) AS always LEFT JOIN users u ON u.username = $1`;

const userOf = ({ id, session_epoch: sessionEpoch, created_at, ...rest }: UserColumns): UserRow | null => {
  const createdAt = created_at.getTime();
  return id === null ? null : { id, ...rest, sessionEpoch, createdAt };
};

/**
 * Accounts in TypeORM. Never `save()`, which writes back every column of a stale entity: inserts, and updates whose
 * `where` holds the old state.
 */
export function createUsers(store: Pick<Unit, 'manager' | 'query' | 'changing'>): UserRepository {
  const { manager, query, changing } = store;
  const raiseEpoch = () => 'session_epoch + 1';

  return {
    insert: ({ emails, passwordHash, ...user }) =>
      changing((touch) =>
        manager.transaction(async (unit) => {
          touch.user(user.id);
          const made = await unit
            .createQueryBuilder()
            .insert()
            .into(Users)
            .values({ ...user, status: 'active', sessionEpoch: 0 })
            .orIgnore()
            .returning('1')
            .execute();
          if ((made.raw as unknown[]).length === 0) return false;
          if (emails.length > 0) {
            await unit.insert(
              EmailAddresses,
              emails.map((email) => ({ ...email, userId: user.id, identityId: null })),
            );
          }
          if (passwordHash !== null) {
            await unit.insert(Passwords, { userId: user.id, hash: passwordHash, changedAt: user.createdAt });
          }
          return true;
        }),
      ),

    find: async (id) => (isUuid(id) ? manager.findOneBy(Users, { id }) : null),

    async findMany(ids) {
      const known = ids.filter(isUuid);
      return known.length === 0 ? [] : manager.findBy(Users, { id: In(known) });
    },

    async findByUsername(username) {
      const { rows } = await query<UserColumns>({ text: byUsername, values: [username] });
      return rows[0] === undefined ? null : userOf(rows[0]);
    },

    list: ({ after, limit }) =>
      manager.find(Users, {
        where: after === null ? {} : { username: MoreThan(after) },
        order: { username: 'ASC' },
        take: limit,
      }),

    count: () => manager.count(Users),

    async emailsOf(ids) {
      const known = ids.filter(isUuid);
      const found = new Map<string, EmailRow[]>(ids.map((id) => [id, []]));
      if (known.length === 0) return found;
      const rows = await manager.find(EmailAddresses, {
        where: { userId: In(known) },
        order: { address: 'ASC' },
      });
      for (const { id, userId, address, primary, verifiedAt } of rows) {
        found.get(userId)?.push({ id, address, primary, verifiedAt });
      }
      return found;
    },

    async passwordOf(id) {
      if (!isUuid(id)) return null;
      const { rows } = await query<{ hash: string | null }>({
        text: 'SELECT hash FROM (VALUES (1)) AS always LEFT JOIN passwords ON user_id = $1',
        values: [id],
      });
      return rows[0]?.hash ?? null;
    },

    setPassword: (id, hash, at, { endSessions }) =>
      changing((touch) =>
        manager.transaction(async (unit) => {
          if (!isUuid(id)) return false;
          if (endSessions) touch.user(id);
          // Locks the account, so that a password is never set for one that is going away.
          const { affected } = await unit
            .createQueryBuilder()
            .update(Users)
            .set({ sessionEpoch: endSessions ? raiseEpoch : () => 'session_epoch' })
            .where({ id })
            .execute();
          if (affected !== 1) return false;
          await unit.upsert(Passwords, { userId: id, hash, changedAt: at }, ['userId']);
          return true;
        }),
      ),

    async upgradeHash(id, from, to) {
      if (!isUuid(id)) return false;
      const { affected } = await manager.update(Passwords, { userId: id, hash: from }, { hash: to });
      return affected === 1;
    },

    async changeStatus(id, from, to) {
      if (!isUuid(id)) return false;
      return changing(async (touch) => {
        touch.user(id);
        const { affected } = await manager
          .createQueryBuilder()
          .update(Users)
          .set({ status: to, ...(to === 'suspended' && { sessionEpoch: raiseEpoch }) })
          .where({ id, status: from })
          .execute();
        return affected === 1;
      });
    },

    async endSessions(id) {
      if (!isUuid(id)) return false;
      return changing(async (touch) => {
        touch.user(id);
        return (await manager.increment(Users, { id }, 'sessionEpoch', 1)).affected === 1;
      });
    },

    async changeAttributes(id, changes) {
      if (!isUuid(id)) return false;
      return changing(async (touch) => {
        touch.user(id);
        const { affected } = await manager
          .createQueryBuilder()
          .update(Users)
          .set({ attributes: () => 'jsonb_strip_nulls(attributes || CAST(:changes AS jsonb))' })
          .setParameters({ changes: JSON.stringify(changes) })
          .where({ id })
          .execute();
        return affected === 1;
      });
    },

    rename: (id, to) => renameUser(store, id, to),

    delete: (id) =>
      changeWhatPoliciesRead(store, async (unit, touch) => {
        if (!isUuid(id)) return { result: false, changed: false };
        touch.user(id);
        const changed = await unit.existsBy(Grants, { userId: id });
        return { result: (await unit.delete(Users, { id })).affected === 1, changed };
      }),
  };
}
