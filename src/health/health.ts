import type { WaitingRoomStatus } from '../accounts/hashing/waiting-room.ts';
import type { Hasher } from '../accounts/hashing/hasher.ts';
import type { Audit, AuditStatus } from '../audit/audit.ts';
import type { PolicyEngine, PolicyStatus } from '../policy/engine.ts';
import type { PoolStatus, Store } from '../store/store.ts';
import { createProbe, type Answer, type ProbeNeeds } from './probe.ts';

/** How this server is, part by part: for those who look after it. */
export interface HealthReport {
  /** Whether it can answer requests now. */
  readonly ready: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly policy: PolicyStatus;
  readonly database: Answer & { readonly kind: Store['kind']; readonly pool: PoolStatus };
  readonly sessions: Answer & { readonly kept: 'database' | 'redis' };
  readonly audit: AuditStatus;
  readonly hashing: WaitingRoomStatus;
}

export interface Health {
  /** Never rejects: a part that does not answer is in the report. */
  check(): Promise<HealthReport>;
}

export interface HealthNeeds extends ProbeNeeds {
  readonly store: Pick<Store, 'check' | 'kind' | 'pool'>;
  /** Where sessions are kept. */
  readonly kept: 'database' | 'redis';
  readonly policy: Pick<PolicyEngine, 'status'>;
  readonly audit: Pick<Audit, 'status'>;
  readonly hasher: Pick<Hasher, 'status'>;
}

export function createHealth(needs: HealthNeeds): Health {
  const { store, policy, audit, hasher, kept } = needs;
  const probe = createProbe(needs);
  const startedAt = needs.clock.now();
  return {
    async check() {
      const { database, sessions } = await probe();
      return {
        ready: database.answers && sessions.answers,
        startedAt,
        policy: policy.status(),
        database: { ...database, kind: store.kind, pool: store.pool() },
        sessions: { ...sessions, kept },
        audit: audit.status(),
        hashing: hasher.status(),
      };
    },
  };
}
