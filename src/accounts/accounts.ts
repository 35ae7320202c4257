import type { Username } from '../core/names.ts';
import type { Attributes } from '../core/principal.ts';
import type { AccountStatus, AttributeChanges, UserRow } from '../store/store.ts';

/** Who is asking for a change: a subject such as `user:root`, or `operator` for the command line. */
export type Actor = string;

export interface NewAccount {
  readonly username: string;
  readonly name?: string;
  readonly email?: string;
  readonly password?: string;
  readonly attributes?: Attributes;
  /** Bare group names to join at once. */
  readonly groups?: readonly string[];
}

/**
 * Users, groups and passwords. Input that can't be is refused with BAD_USER_INPUT and every fault in one sentence
 * each; an unknown user or group is NOT_FOUND.
 */
export interface Accounts {
  create(account: NewAccount, by: Actor): Promise<UserRow>;
  /** In any spelling; `null` where nobody has that name. */
  findByUsername(username: string): Promise<UserRow | null>;
  /** NOT_FOUND where nobody has that name. */
  byUsername(username: string): Promise<UserRow>;
  /**
   * Whose password that is. It takes as long for a name that nobody has, and waits for its place in the hashing queue:
   * BUSY where the queue is full. The status of the account is for the caller to check.
   */
  verifyPassword(username: string, password: string): Promise<UserRow | null>;
  /** Sets a password without asking for the old one, and ends every session of the account. */
  setPassword(username: Username, password: string, by: Actor): Promise<void>;
  changeStatus(username: Username, to: AccountStatus, by: Actor): Promise<void>;
  /** Sets declared attributes, and removes those that are `null`. Policies see them at the next request. */
  changeAttributes(username: Username, changes: AttributeChanges, by: Actor): Promise<void>;
  delete(username: Username, by: Actor): Promise<void>;
  /** `member` is `user:<name>` or `group:<name>`. `false` where it was there already. */
  addToGroup(group: string, member: string, by: Actor): Promise<boolean>;
  removeFromGroup(group: string, member: string, by: Actor): Promise<boolean>;
}
