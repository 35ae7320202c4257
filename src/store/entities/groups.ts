import type { GroupRow, NestingRow } from '../contract/groups.ts';
import { moment } from './moment.ts';
import { table } from './table.ts';

export const Groups = table<GroupRow>({
  name: 'Group',
  tableName: 'groups',
  columns: {
    name: { type: 'text', primary: true },
    createdAt: { ...moment, name: 'created_at' },
  },
});

export interface MembershipRecord {
  readonly userId: string;
  readonly group: string;
  /** The identity whose claims gave it; `null` where an administrator did. */
  readonly identityId: string | null;
  readonly by: string;
  readonly at: number;
}

/** TypeORM asks for a key; this one is none (the same membership may stand once for each who gave it), so nothing is read by it. */
export const Memberships = table<MembershipRecord>({
  name: 'Membership',
  tableName: 'memberships',
  columns: {
    userId: { type: 'uuid', primary: true, name: 'user_id' },
    group: { type: 'text', primary: true, name: 'group_name' },
    identityId: { type: 'uuid', name: 'identity_id', nullable: true },
    by: { type: 'text', name: 'added_by' },
    at: { ...moment, name: 'added_at' },
  },
});

export const GroupNestings = table<NestingRow>({
  name: 'GroupNesting',
  tableName: 'group_nestings',
  columns: {
    id: { type: 'uuid', primary: true },
    member: { type: 'text' },
    group: { type: 'text', name: 'group_name' },
    by: { type: 'text', name: 'added_by' },
    at: { ...moment, name: 'added_at' },
  },
});

/** One row: how often nestings and grants have changed. */
export interface PolicyEpochRecord {
  readonly onlyRow: boolean;
  readonly value: number;
}

export const PolicyEpoch = table<PolicyEpochRecord>({
  name: 'PolicyEpoch',
  tableName: 'policy_epoch',
  columns: {
    onlyRow: { type: 'boolean', primary: true, name: 'only_row' },
    value: { type: 'integer' },
  },
});
