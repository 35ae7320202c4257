import type { IdentityRow } from '../contract/identities.ts';
import { moment } from './moment.ts';
import { table } from './table.ts';

export const Identities = table<IdentityRow>({
  name: 'Identity',
  tableName: 'identities',
  columns: {
    id: { type: 'uuid', primary: true },
    userId: { type: 'uuid', name: 'user_id' },
    authenticator: { type: 'text' },
    issuer: { type: 'text' },
    subject: { type: 'text' },
    label: { type: 'text' },
    linkedAt: { ...moment, name: 'linked_at' },
    lastUsedAt: { ...moment, name: 'last_used_at' },
  },
});
