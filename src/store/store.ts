import type { AdministrationRepository } from './contract/administration.ts';
import type { AuditRepository } from './contract/audit.ts';
import type { GrantRepository } from './contract/grants.ts';
import type { GroupRepository } from './contract/groups.ts';
import type { IdentityRepository } from './contract/identities.ts';
import type { SessionRepository } from './contract/sessions.ts';
import type { SetupLinkRepository } from './contract/setup-links.ts';
import type { ThrottleRepository } from './contract/throttles.ts';
import type { UsedStateRepository } from './contract/used-states.ts';
import type { UserRepository } from './contract/users.ts';

/**
 * What the house keeps, as the rooms see it. Nothing outside `store/` knows TypeORM, SQL or a driver. Every call ends
 * within its deadline, with an UNAVAILABLE error where the database does not answer.
 */
export interface Store {
  readonly kind: 'postgresql' | 'embedded';
  readonly users: UserRepository;
  readonly groups: GroupRepository;
  readonly sessions: SessionRepository;
  readonly throttles: ThrottleRepository;
  readonly setupLinks: SetupLinkRepository;
  readonly grants: GrantRepository;
  readonly identities: IdentityRepository;
  readonly usedStates: UsedStateRepository;
  readonly administration: AdministrationRepository;
  readonly audit: AuditRepository;
  /** Runs the work as one unit: all of it is committed when the promise resolves, none of it when it rejects. */
  transaction<T>(work: (store: Store) => Promise<T>): Promise<T>;
  /** Rejects unless the database answers now. */
  check(): Promise<void>;
  /** How busy its connections are now. */
  pool(): PoolStatus;
  close(): Promise<void>;
}

/** Connections to the database. */
export interface PoolStatus {
  readonly open: number;
  /** Of the open ones, those that nobody uses. */
  readonly idle: number;
  /** Statements and units that wait for a connection. */
  readonly waiting: number;
  /** How many there may be. */
  readonly most: number;
}
