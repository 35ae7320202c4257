import type { Clock } from '../../core/clock.ts';
import type { PolicyStatus } from '../../policy/engine.ts';
import type { SessionBackend } from '../../sessions/sessions.ts';
import type { GroupRepository, SessionLimits, UserRepository } from '../../store/store.ts';
import type { Cursors } from '../cursors.ts';

/** What the resolvers of the core API ask for. */
export interface CoreServices {
  readonly store: {
    readonly users: Pick<UserRepository, 'findMany' | 'findByUsername' | 'list' | 'emailsOf'>;
    readonly groups: Pick<GroupRepository, 'list' | 'groupsOf' | 'membersOf'>;
  };
  readonly sessions: Pick<SessionBackend, 'list' | 'endByPublicId'>;
  readonly sessionLimits: SessionLimits;
  readonly policy: { status(): PolicyStatus };
  /** For `pageOf` and `pageOfList`. */
  readonly cursors: Cursors;
  readonly clock: Clock;
}
