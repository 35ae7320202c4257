import type { EmailRow, UserRow } from '../contract/users.ts';
import { moment } from './moment.ts';
import { table } from './table.ts';

export const Users = table<UserRow>({
  name: 'User',
  tableName: 'users',
  columns: {
    id: { type: 'uuid', primary: true },
    username: { type: 'text', unique: true },
    name: { type: 'text' },
    status: { type: 'text' },
    attributes: { type: 'jsonb' },
    sessionEpoch: { type: 'integer', name: 'session_epoch' },
    createdAt: { ...moment, name: 'created_at' },
  },
});

export interface PasswordRecord {
  readonly userId: string;
  readonly hash: string;
  readonly changedAt: number;
}

export const Passwords = table<PasswordRecord>({
  name: 'Password',
  tableName: 'passwords',
  columns: {
    userId: { type: 'uuid', primary: true, name: 'user_id' },
    hash: { type: 'text' },
    changedAt: { ...moment, name: 'changed_at' },
  },
});

export interface EmailRecord extends EmailRow {
  readonly userId: string;
  /** The identity that says so at each of its logins; `null` for one that was given here. */
  readonly identityId: string | null;
}

export const EmailAddresses = table<EmailRecord>({
  name: 'EmailAddress',
  tableName: 'email_addresses',
  columns: {
    id: { type: 'uuid', primary: true },
    userId: { type: 'uuid', name: 'user_id' },
    identityId: { type: 'uuid', name: 'identity_id', nullable: true },
    address: { type: 'text' },
    primary: { type: 'boolean', name: 'is_primary' },
    verifiedAt: { ...moment, name: 'verified_at', nullable: true },
  },
});
