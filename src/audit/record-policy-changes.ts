import { originWithoutRequest } from '../core/origin.ts';
import type { PolicyEngine, PolicyStatus } from '../policy/engine.ts';
import { showFinding } from '../policy/finding.ts';
import type { AuditRepository } from '../store/contract/audit.ts';
import type { Audit } from './audit.ts';

export interface PolicyTrailNeeds {
  readonly policy: Pick<PolicyEngine, 'status' | 'onChange'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly trail: Pick<AuditRepository, 'list'>;
  /** Which server it is, where several stand side by side: each takes up a policy by itself. */
  readonly node: string;
}

/** The most findings that one record tells; the log has them all. */
const mostTold = 20;

/**
 * Records every version of the policy that comes to decide, and every one that is refused, for as long as the engine
 * lives. What was edited while no server ran counts as a change too: the version at the start is compared with the last
 * one on record.
 */
export async function recordPolicyChanges(needs: PolicyTrailNeeds): Promise<void> {
  const { policy, node } = needs;
  let version = await findRecordedVersion(needs.trail);
  let refusal = '';

  const record = (status: PolicyStatus): void => {
    if (status.version !== version) {
      const { epoch, source } = status;
      recordOf(status, 'policy.changed', { before: version, source, epoch, node });
    }
    const findings = status.refusal.map(showFinding);
    if (findings.length > 0 && findings.join('\n') !== refusal) {
      const more = findings.length > mostTold ? { more: findings.length - mostTold } : {};
      recordOf(status, 'policy.refused', { findings: findings.slice(0, mostTold), ...more, node });
    }
    ({ version } = status);
    refusal = findings.join('\n');
  };
  const recordOf = (
    status: PolicyStatus,
    event: 'policy.changed' | 'policy.refused',
    details: Readonly<Record<string, unknown>>,
  ): void => {
    const origin = { ...originWithoutRequest('policy'), policyVersion: status.version };
    needs.audit.record({ event, origin, details });
  };

  policy.onChange(record);
  record(policy.status());
}

/** `null` where nothing is on record, or the record can't be read now: better told twice than not at all. */
async function findRecordedVersion(trail: Pick<AuditRepository, 'list'>): Promise<string | null> {
  try {
    const [last] = await trail.list({ event: 'policy.changed' }, { after: null, limit: 1 });
    return last?.policyVersion ?? null;
  } catch {
    return null;
  }
}
