import type { Log } from '../core/log.ts';
import type { AuditRow } from '../store/contract/audit.ts';
import { auditEvents, type AuditEvent } from './events.ts';

/** What somebody should look at: refused changes, and what the trail itself has lost. */
const worthALook = (event: AuditEvent): boolean => event.endsWith('.refused') || event === 'audit.lost';

/** One line for a record: its event, the sentence of the catalogue, and all that it says. What it does not say is left out. */
export function tellRow(log: Log, event: AuditEvent, row: AuditRow, more: object = {}): void {
  const { id: recordId, subject, actorId, accountId, authenticator, sessionId, requestId } = row;
  const { address, userAgent, policyVersion, count, details } = row;
  const who = { subject, actorId, accountId, authenticator, sessionId };
  const fields = { event, recordId, ...who, requestId, address, userAgent, policyVersion, count, details };
  const said = Object.entries(fields).filter(([, value]) => value !== null);
  log[worthALook(event) ? 'warn' : 'info']({ ...Object.fromEntries(said), ...more }, auditEvents[event]);
}
