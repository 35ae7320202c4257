import type { Accounts } from '../../accounts/accounts.ts';
import type { Identities } from '../../accounts/identities.ts';
import type { Audit } from '../../audit/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Health } from '../../health/health.ts';
import type { PolicyStatus } from '../../policy/engine.ts';
import type { SessionBackend } from '../../sessions/sessions.ts';
import type { AuditRepository } from '../../store/contract/audit.ts';
import type { GrantRepository } from '../../store/contract/grants.ts';
import type { GroupRepository } from '../../store/contract/groups.ts';
import type { IdentityRepository } from '../../store/contract/identities.ts';
import type { SessionLimits } from '../../store/contract/sessions.ts';
import type { UserRepository } from '../../store/contract/users.ts';
import type { Cursors } from '../cursors.ts';

/** What the resolvers of the core API ask for. */
export interface CoreServices {
  readonly store: {
    readonly users: Pick<UserRepository, 'findMany' | 'findByUsername' | 'list' | 'emailsOf'>;
    readonly groups: Pick<GroupRepository, 'list' | 'groupsOf' | 'membersOf' | 'nestings'>;
    readonly grants: Pick<GrantRepository, 'list' | 'find'>;
    readonly identities: Pick<IdentityRepository, 'byId' | 'ofUsers'>;
    readonly audit: Pick<AuditRepository, 'list'>;
  };
  readonly accounts: Omit<Accounts, 'verifyPassword' | 'setPassword'>;
  readonly identities: Pick<Identities, 'unlink'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly sessions: Pick<SessionBackend, 'list' | 'endByPublicId' | 'findByPublicId'>;
  readonly sessionLimits: SessionLimits;
  readonly policy: { status(): PolicyStatus };
  readonly health: Health;
  /** For `pageOf` and `pageOfList`. */
  readonly cursors: Cursors;
  readonly clock: Clock;
}
