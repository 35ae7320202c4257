import type { Audit } from '../audit/audit.ts';
import type { RecordDenial } from './guard/denied-field.ts';

/** Denials in the audit trail: one record for each denied coordinate of an operation (ASVS 16.3.2). */
export const recordDenials =
  (audit: Pick<Audit, 'record'>): RecordDenial =>
  ({ count, policyVersion, ...details }, { origin }) =>
    audit.record({ event: 'decision.denied', origin: { ...origin, policyVersion }, count, details });
