import { table } from './table.ts';

/** One row: how often administrators have changed anything. */
export interface AdministrationRecord {
  readonly onlyRow: boolean;
  readonly revision: number;
}

export const Administration = table<AdministrationRecord>({
  name: 'Administration',
  tableName: 'administration',
  columns: {
    onlyRow: { type: 'boolean', primary: true, name: 'only_row' },
    // `pg` reads a bigint as text.
    revision: { type: 'bigint', transformer: { from: Number, to: (value: unknown) => value } },
  },
});
