import { UsedStates } from '../entities/used-states.ts';
import { purgeBatch } from '../contract/page.ts';
import type { UsedStateRepository } from '../contract/used-states.ts';
import type { Unit } from '../unit.ts';
import { insertNew } from './insert-new.ts';

export function createUsedStates({ manager, query }: Pick<Unit, 'manager' | 'query'>): UsedStateRepository {
  return {
    use: (digest, expiresAt) => insertNew(manager, UsedStates, { digest, expiresAt }),

    // Waits for nobody: what is locked is being purged by another server.
    async purge(now) {
      const { rowCount } = await query({
        text: `DELETE FROM used_states WHERE digest IN (
          SELECT digest FROM used_states WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`,
        values: [new Date(now), purgeBatch],
      });
      return rowCount ?? 0;
    },
  };
}
