import { IsNull, type EntityManager, type SelectQueryBuilder, type UpdateQueryBuilder } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { Sessions, type SessionRecord } from '../entities/sessions.ts';
import { isUuid } from '../identifiers.ts';
import { purgeBatch } from '../contract/page.ts';
import type { SessionLimits, SessionRepository } from '../contract/sessions.ts';
import { isStorable } from '../text.ts';
import type { Unit } from '../unit.ts';
import { createSessionLoading } from './load-session.ts';

type Alive = SessionLimits & { now: number };

/** The account's word on a session: still active, still the epoch that it began in. */
const accountAgrees = (table: string): string =>
  `EXISTS (SELECT 1 FROM users u WHERE u.id = ${table}.user_id AND u.status = 'active' AND u.session_epoch = ${table}.session_epoch)`;

const limits = ({ now, idle, absolute }: Alive) => ({
  idleSince: new Date(now - idle),
  madeSince: new Date(now - absolute),
});

const selectAlive = (manager: EntityManager, alive: Alive): SelectQueryBuilder<SessionRecord> =>
  manager
    .createQueryBuilder(Sessions, 's')
    .where('s.endedAt IS NULL AND s.lastUsedAt > :idleSince AND s.createdAt > :madeSince', limits(alive))
    .andWhere(accountAgrees('s'));

const affectedOne = async (statement: UpdateQueryBuilder<SessionRecord>): Promise<boolean> =>
  (await statement.execute()).affected === 1;

/** Sessions: every change asks that the row has not ended, and none but `insert` makes one. */
export function createSessions(unit: Unit): SessionRepository {
  const { manager } = unit;
  const update = () => manager.createQueryBuilder().update(Sessions);

  return {
    ...createSessionLoading(unit),

    async insert(row) {
      await manager.insert(Sessions, { ...row, endedAt: null } as QueryDeepPartialEntity<SessionRecord>);
    },

    update: (idHash, { data, lastUsedAt }) =>
      affectedOne(
        update()
          // Two requests at once: the later use stands.
          .set({ data: () => ':data', lastUsedAt: () => 'greatest(last_used_at, :usedAt)' })
          .where({ idHash, endedAt: IsNull() })
          .andWhere(accountAgrees('sessions'))
          .setParameters({ data, usedAt: new Date(lastUsedAt) }),
      ),

    end: (idHash, at) => affectedOne(update().set({ endedAt: at }).where({ idHash, endedAt: IsNull() })),

    async endByPublicId(userId, publicId, at) {
      return (
        isUuid(userId) &&
        isStorable(publicId) &&
        affectedOne(update().set({ endedAt: at }).where({ userId, publicId, endedAt: IsNull() }))
      );
    },

    async findByPublicId(publicId, alive) {
      if (!isStorable(publicId)) return null;
      return selectAlive(manager, alive).andWhere('s.publicId = :publicId', { publicId }).getOne();
    },

    async list(userId, alive) {
      if (!isUuid(userId)) return [];
      return selectAlive(manager, alive)
        .andWhere('s.userId = :userId', { userId })
        .orderBy('s.lastUsedAt', 'DESC')
        .addOrderBy('s.idHash')
        .getMany();
    },

    // Waits for nobody: what is locked is being written, or goes away with its account.
    async purge({ now, idle, absolute }) {
      const { rowCount } = await unit.query({
        text: `DELETE FROM sessions WHERE id_hash IN (
          SELECT id_hash FROM sessions WHERE ended_at IS NOT NULL OR last_used_at <= $1 OR created_at <= $2
          LIMIT $3 FOR UPDATE SKIP LOCKED)`,
        values: [new Date(now - idle), new Date(now - absolute), purgeBatch],
      });
      return rowCount ?? 0;
    },
  };
}
