import type { Identities } from '../accounts/identities.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { UsedStateRepository } from '../store/contract/used-states.ts';
import type { UserRepository } from '../store/contract/users.ts';
import type { LoginThrottle } from '../throttles/login-throttle.ts';

/** What the steps of a login ask for. */
export interface LoginNeeds {
  readonly throttle: LoginThrottle;
  readonly users: Pick<UserRepository, 'find'>;
  readonly identities: Pick<Identities, 'logIn' | 'link'>;
  readonly usedStates: Pick<UsedStateRepository, 'use'>;
  readonly audit: Pick<Audit, 'record'>;
  /** Milliseconds that one authenticator may take. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly log: Log;
}
