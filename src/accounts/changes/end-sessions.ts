import type { Audit } from '../../audit/audit.ts';
import type { Actor } from '../actor.ts';
import { loadUser } from '../find-user.ts';

/** Changes nothing of who holds what: no lock. */
export const endSessions = (userId: string, by: Actor, audit: Pick<Audit, 'unit'>): Promise<void> =>
  audit.unit(async (unit, record) => {
    const { username } = await loadUser(unit.users, userId);
    await unit.users.endSessions(userId);
    record({
      event: 'account.sessions-ended',
      origin: by.origin,
      accountId: userId,
      details: { username },
    });
  });
