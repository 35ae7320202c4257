import { moment } from './moment.ts';
import { table } from './table.ts';

export interface UsedStateRecord {
  readonly digest: Buffer;
  readonly expiresAt: number;
}

export const UsedStates = table<UsedStateRecord>({
  name: 'UsedState',
  tableName: 'used_states',
  columns: {
    digest: { type: 'bytea', primary: true },
    expiresAt: { ...moment, name: 'expires_at' },
  },
});
