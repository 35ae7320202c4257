import type { Origin } from '../core/origin.ts';
import type { AuditRow } from '../store/contract/audit.ts';
import type { AuditEntry } from './audit.ts';
import { limitDetails, limitText } from './limit-details.ts';

/** A count is an integer of PostgreSQL's. */
const largestCount = 2_147_483_647;
/** The longest name, id, address or version, and the longest name of a browser or program. */
const longestName = 200;
const longestUserAgent = 300;

/** An entry as it is kept: every part of it has a size, and holds nothing that acts on whoever looks at it. */
export function renderAuditRow(entry: AuditEntry, id: string, at: number): AuditRow {
  const { event, origin, accountId = null, count = 1, details = {} } = entry;
  return {
    id,
    at,
    event,
    ...renderOrigin(origin),
    accountId,
    count: Math.min(Math.max(Math.trunc(count), 1), largestCount),
    details: limitDetails(details),
  };
}

const renderOrigin = (origin: Origin) => ({
  subject: limitText(origin.subject, longestName),
  actorId: origin.userId,
  authenticator: limit(origin.authenticator),
  sessionId: limit(origin.sessionId),
  requestId: limit(origin.requestId),
  address: limit(origin.address),
  userAgent: limit(origin.userAgent, longestUserAgent),
  policyVersion: limit(origin.policyVersion),
});

const limit = (text: string | null, most = longestName): string | null =>
  text === null ? null : limitText(text, most);
