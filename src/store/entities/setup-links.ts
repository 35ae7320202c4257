import { moment } from './moment.ts';
import { table } from './table.ts';

export interface SetupLinkRecord {
  readonly onlyRow: boolean;
  readonly digest: Buffer;
  readonly expiresAt: number;
  readonly usedAt: number | null;
}

export const SetupLinks = table<SetupLinkRecord>({
  name: 'SetupLink',
  tableName: 'setup_links',
  columns: {
    onlyRow: { type: 'boolean', primary: true, name: 'only_row' },
    digest: { type: 'bytea' },
    expiresAt: { ...moment, name: 'expires_at' },
    usedAt: { ...moment, name: 'used_at', nullable: true },
  },
});
