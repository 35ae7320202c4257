import type { EntityManager } from 'typeorm';
import { PortcullisError } from '../../core/errors.ts';
import { isUuid } from '../identifiers.ts';

/**
 * Two logins of one identity come one after the other. The account is held before its identity, as its deletion takes
 * them.
 */
export async function holdIdentity(
  unit: EntityManager,
  { id, userId }: { id: string; userId: string },
): Promise<void> {
  if (isUuid(id) && isUuid(userId)) {
    await unit.query('SELECT 1 FROM users WHERE id = $1 FOR KEY SHARE', [userId]);
    const held: unknown[] = await unit.query(
      'SELECT 1 FROM identities WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE',
      [id, userId],
    );
    if (held.length === 1) return;
  }
  throw new PortcullisError('NOT_FOUND', { detail: 'that account has no such identity' });
}
