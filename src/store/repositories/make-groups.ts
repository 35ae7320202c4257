import type { EntityManager } from 'typeorm';
import { PortcullisError } from '../../core/errors.ts';

/** A group can be deleted between its making and its holding. Twice in a row is chance, five times is not. */
const tries = 5;

/**
 * Makes the groups that are new, and holds all of them until the unit ends, so that nobody deletes one in between. In
 * the order of their names, so that two units which make the same groups do not wait for each other.
 */
export async function makeGroups(unit: EntityManager, names: readonly string[], at: number): Promise<void> {
  const wanted = [...new Set(names)];
  for (let round = 0; round < tries; round += 1) {
    await unit.query(
      `INSERT INTO groups (name, created_at)
        SELECT name, $2 FROM unnest($1::text[]) AS wanted (name) ORDER BY name COLLATE "C" ON CONFLICT DO NOTHING`,
      [wanted, new Date(at)],
    );
    const held: unknown[] = await unit.query(
      'SELECT name FROM groups WHERE name = ANY($1) ORDER BY name FOR KEY SHARE',
      [wanted],
    );
    if (held.length === wanted.length) return;
  }
  throw new PortcullisError('UNAVAILABLE', { detail: 'groups were deleted as fast as they were made' });
}
