import type { Attributes } from '../core/principal.ts';
import type { NamedGrantRow } from '../store/contract/grants.ts';
import type { GroupRow } from '../store/contract/groups.ts';
import type { AccountStatus, AttributeChanges, UserRow } from '../store/contract/users.ts';
import type { Actor } from './actor.ts';

export interface NewAccount {
  readonly username: string;
  readonly name?: string;
  readonly email?: string;
  readonly password?: string;
  readonly attributes?: Attributes;
  /** Bare group names to join at once. */
  readonly groups?: readonly string[];
}

/** A permission for a subject, `user:<name>` or `group:<name>`. */
export interface NewGrant {
  readonly subject: string;
  readonly permission: string;
  /** `read`, `write` or `subscribe` for that part of the permission; `*` for all of it. */
  readonly action: string;
}

/**
 * Users, groups, grants and passwords. Every change is recorded, with the change itself or not at all.
 *
 * Input that can't be is refused with BAD_USER_INPUT and every fault in one sentence each; an unknown user or group is
 * NOT_FOUND. A change that would give anybody more than its actor has is FORBIDDEN (`portcullis.grant_beyond` lifts it);
 * one that would leave no administrator is CONFLICT. Both are recorded. Users are named by id.
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
  setPassword(userId: string, password: string, by: Actor): Promise<void>;
  /** Changes the username, what to call them, or both. A username that a policy names brings what the policy gives it. */
  rename(
    userId: string,
    to: { readonly username?: string; readonly name?: string },
    by: Actor,
  ): Promise<UserRow>;
  /** Suspending ends every session. */
  changeStatus(userId: string, to: AccountStatus, by: Actor): Promise<UserRow>;
  /** Sets declared attributes, and removes those that are `null`. Policies see them at the next request. */
  changeAttributes(userId: string, changes: AttributeChanges, by: Actor): Promise<void>;
  /** Ends every session of the account, wherever it is. */
  endSessions(userId: string, by: Actor): Promise<void>;
  delete(userId: string, by: Actor): Promise<void>;
  /** BAD_USER_INPUT where there is a group of that name, in a file or in the database. */
  createGroup(name: string, by: Actor): Promise<GroupRow>;
  /** With its members, nestings and grants. What policy files say of it stays: a group that they name is CONFLICT. */
  deleteGroup(name: string, by: Actor): Promise<void>;
  /** `member` is `user:<name>` or `group:<name>`. `false` where it was there already. */
  addToGroup(group: string, member: string, by: Actor): Promise<boolean>;
  /** `false` where it was not there. CONFLICT where a policy file puts it there: nothing at run time takes it out. */
  removeFromGroup(group: string, member: string, by: Actor): Promise<boolean>;
  /** BAD_USER_INPUT where the policy knows no such permission, or it holds nothing of that action. */
  grant(grant: NewGrant, by: Actor): Promise<{ readonly grant: NamedGrantRow; readonly added: boolean }>;
  /** NOT_FOUND where there is no such grant. */
  revoke(grantId: string, by: Actor): Promise<NamedGrantRow>;
}
