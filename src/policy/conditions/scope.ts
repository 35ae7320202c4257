import type { Principal } from '../../core/principal.ts';
import type { RequestEnvironment } from '../decision.ts';

/** What one evaluation looks at: `r.ctx`. Read at once and not kept: the next evaluation may look at the same value. */
export interface ConditionScope {
  readonly principal: Principal;
  /** Everything the principal counts as: `PolicySnapshot.subjectsOf`. */
  readonly subjects: ReadonlySet<string>;
  readonly environment: RequestEnvironment;
  /** `null` where they are not known yet: reading one fails. */
  readonly args: Readonly<Record<string, unknown>> | null;
  /** `null` where there is none, or it is not known yet: reading a member fails. */
  readonly object: Readonly<Record<string, unknown>> | null;
  /** True: `fresh`, `aal` and `via` answer what a new login could prove. */
  readonly optimistic: boolean;
}
