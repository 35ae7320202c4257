import type { SessionRow } from '../contract/sessions.ts';
import { moment } from './moment.ts';
import { table } from './table.ts';

export interface SessionRecord extends SessionRow {
  /** When it was ended; the row stays until it is purged, so nothing can make it anew. */
  readonly endedAt: number | null;
}

export const Sessions = table<SessionRecord>({
  name: 'Session',
  tableName: 'sessions',
  columns: {
    idHash: { type: 'bytea', primary: true, name: 'id_hash' },
    publicId: { type: 'text', name: 'public_id' },
    userId: { type: 'uuid', name: 'user_id' },
    authenticator: { type: 'text' },
    amr: { type: 'text', array: true },
    aal: { type: 'smallint' },
    authTime: { ...moment, name: 'auth_time' },
    sessionEpoch: { type: 'integer', name: 'session_epoch' },
    createdAt: { ...moment, name: 'created_at' },
    lastUsedAt: { ...moment, name: 'last_used_at' },
    address: { type: 'text', nullable: true },
    userAgent: { type: 'text', name: 'user_agent', nullable: true },
    data: { type: 'jsonb' },
    endedAt: { ...moment, name: 'ended_at', nullable: true, select: false },
  },
});
