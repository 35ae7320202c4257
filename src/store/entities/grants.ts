import type { GrantRow } from '../contract/grants.ts';
import { moment } from './moment.ts';
import { table } from './table.ts';

export const Grants = table<GrantRow>({
  name: 'Grant',
  tableName: 'grants',
  columns: {
    id: { type: 'uuid', primary: true },
    userId: { type: 'uuid', name: 'user_id', nullable: true },
    group: { type: 'text', name: 'group_name', nullable: true },
    permission: { type: 'text' },
    action: { type: 'text' },
    by: { type: 'text', name: 'granted_by' },
    at: { ...moment, name: 'granted_at' },
  },
});
