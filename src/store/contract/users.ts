import type { Username } from '../../core/names.ts';
import type { AttributeValue, Attributes } from '../../core/principal.ts';
import type { PageRequest } from './page.ts';

/** New values of attributes by name; `null` removes one. */
export type AttributeChanges = Readonly<Record<string, AttributeValue | null>>;

export type AccountStatus = 'active' | 'suspended';

export interface UserRow {
  readonly id: string;
  readonly username: Username;
  /** What to call them; free text, at most 200 characters. */
  readonly name: string;
  readonly status: AccountStatus;
  readonly attributes: Attributes;
  /** Rises whenever every session of the account must end; a session of an older epoch is dead. */
  readonly sessionEpoch: number;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

export interface EmailRow {
  readonly id: string;
  readonly address: string;
  readonly primary: boolean;
  /** Milliseconds since the Unix epoch; `null` until verified. */
  readonly verifiedAt: number | null;
}

export interface NewUser {
  readonly id: string;
  readonly username: Username;
  readonly name: string;
  readonly attributes: Attributes;
  readonly createdAt: number;
  readonly emails: readonly EmailRow[];
  /** A PHC string; `null` for an account that logs in without a password. */
  readonly passwordHash: string | null;
}

export interface UserRepository {
  /** `false` where the username is taken. */
  insert(user: NewUser): Promise<boolean>;
  find(id: string): Promise<UserRow | null>;
  findMany(ids: readonly string[]): Promise<readonly UserRow[]>;
  findByUsername(username: Username): Promise<UserRow | null>;
  list(page: PageRequest<Username>): Promise<readonly UserRow[]>;
  count(): Promise<number>;
  emailsOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly EmailRow[]>>;
  passwordOf(id: string): Promise<string | null>;
  /** Sets a new password. With `endSessions`, the session epoch rises in the same statement. */
  setPassword(id: string, hash: string, at: number, options: { endSessions: boolean }): Promise<boolean>;
  /** Replaces a hash by a better one of the same password, only where the old one still stands. */
  upgradeHash(id: string, from: string, to: string): Promise<boolean>;
  /** Changes the status only from `from`; suspending ends every session in the same statement. */
  changeStatus(id: string, from: AccountStatus, to: AccountStatus): Promise<boolean>;
  endSessions(id: string): Promise<boolean>;
  /** Sets those that have a value and removes those that are `null`; the others stay, whoever changes them meanwhile. */
  changeAttributes(id: string, changes: AttributeChanges): Promise<boolean>;
  /**
   * Changes those that are given. Answers `taken`, and changes nothing, where another account has the username. A new
   * username raises the policy epoch where the account has grants: they are shown, and decided, by name.
   */
  rename(
    id: string,
    to: { readonly username?: Username; readonly name?: string },
  ): Promise<'renamed' | 'taken' | 'gone'>;
  /** Everything of the account goes with it, its grants too: the policy epoch rises where it had any. */
  delete(id: string): Promise<boolean>;
}
