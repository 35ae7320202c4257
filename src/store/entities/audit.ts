import type { AuditRow } from '../contract/audit.ts';
import { moment } from './moment.ts';
import { table } from './table.ts';

export const AuditRecords = table<AuditRow>({
  name: 'AuditRecord',
  tableName: 'audit_records',
  columns: {
    id: { type: 'uuid', primary: true },
    at: { ...moment, name: 'happened_at' },
    event: { type: 'text' },
    subject: { type: 'text' },
    actorId: { type: 'uuid', name: 'actor_id', nullable: true },
    accountId: { type: 'uuid', name: 'account_id', nullable: true },
    authenticator: { type: 'text', nullable: true },
    sessionId: { type: 'text', name: 'session_id', nullable: true },
    requestId: { type: 'text', name: 'request_id', nullable: true },
    address: { type: 'text', nullable: true },
    userAgent: { type: 'text', name: 'user_agent', nullable: true },
    policyVersion: { type: 'text', name: 'policy_version', nullable: true },
    count: { type: 'integer' },
    details: { type: 'jsonb' },
  },
});
