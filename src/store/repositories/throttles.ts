import { LoginNetworks } from '../entities/throttles.ts';
import { isUuid } from '../identifiers.ts';
import { purgeBatch } from '../contract/page.ts';
import type { ThrottleRepository } from '../contract/throttles.ts';
import type { Unit } from '../unit.ts';

export function createThrottles(unit: Unit): ThrottleRepository {
  const { manager } = unit;
  return {
    // All buckets or none: a function of the database's (migration 4) locks, decides and counts in one statement.
    async take(buckets, now) {
      if (buckets.length === 0) return [];
      const { rows } = await unit.query<{ full_key: string; retry_after_ms: number }>({
        text: 'SELECT full_key, retry_after_ms FROM take_attempts($1, $2, $3, $4)',
        values: [
          buckets.map(({ key }) => key),
          buckets.map(({ limit }) => limit),
          buckets.map(({ windowMs }) => windowMs),
          new Date(now),
        ],
      });
      return rows.map((row) => ({ key: row.full_key, retryAfterMs: row.retry_after_ms }));
    },

    // Here and below, locked in the order of their keys as `take` does it: two callers can't wait for each other.
    async giveBack(keys) {
      if (keys.length === 0) return;
      await unit.query({
        text: `UPDATE throttle_buckets AS bucket SET taken = greatest(bucket.taken - 1, 0)
          FROM (SELECT key FROM throttle_buckets WHERE key = ANY($1) ORDER BY key FOR UPDATE) AS locked
          WHERE bucket.key = locked.key`,
        values: [keys],
      });
    },

    async clear(keys) {
      if (keys.length === 0) return;
      await unit.query({
        text: `DELETE FROM throttle_buckets AS bucket
          USING (SELECT key FROM throttle_buckets WHERE key = ANY($1) ORDER BY key FOR UPDATE) AS locked
          WHERE bucket.key = locked.key`,
        values: [keys],
      });
    },

    // Waits for nobody: what is locked is in use, and not old.
    async purge(now) {
      const { rowCount } = await unit.query({
        text: `DELETE FROM throttle_buckets WHERE key IN (
          SELECT key FROM throttle_buckets WHERE window_ends_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`,
        values: [new Date(now), purgeBatch],
      });
      return rowCount ?? 0;
    },

    isKnownNetwork: async (userId, network) =>
      isUuid(userId) && manager.existsBy(LoginNetworks, { userId, network }),

    async rememberNetwork(userId, network, at) {
      await manager.upsert(LoginNetworks, { userId, network, lastLoginAt: at }, ['userId', 'network']);
    },
  };
}
