import type { Username } from '../../core/names.ts';
import type { IdentityRow } from './identities.ts';
import type { PageRequest } from './page.ts';
import type { UserRow } from './users.ts';

export interface GroupRow {
  readonly name: string;
  readonly createdAt: number;
}

/** A group inside a group, made at run time: it joins the policy as a `g` row. */
export interface NestingRow {
  readonly id: string;
  readonly member: string;
  readonly group: string;
  /** Subject of whoever made it, such as `user:root` or `operator`. */
  readonly by: string;
  readonly at: number;
}

/** Names are bare: `support`, not `group:support`. Every write that changes what a policy reads raises the epoch. */
export interface GroupRepository {
  list(): Promise<readonly GroupRow[]>;
  /** `false` where there is one of that name. */
  create(name: string, at: number): Promise<boolean>;
  /** Its memberships, nestings and grants go with it; the policy epoch rises where it had nestings or grants. */
  delete(name: string): Promise<boolean>;
  /** Direct memberships of an account, each once, whether an administrator gave it or an identity's claims. */
  groupsOf(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Direct memberships that the account of an identity would still have without that identity's claims. */
  groupsWithout(identity: Pick<IdentityRow, 'id' | 'userId'>): Promise<readonly string[]>;
  membersOf(group: string, page: PageRequest<Username>): Promise<readonly UserRow[]>;
  /**
   * Makes the group where it is new. `false` where an administrator gave the membership before; one that an identity's
   * claims gave stands beside it.
   */
  addMember(group: string, userId: string, by: string, at: number): Promise<boolean>;
  /** Takes the membership away, whoever gave it. Claims may give it again at the next login. */
  removeMember(group: string, userId: string): Promise<boolean>;
  /**
   * Makes the memberships that an identity's claims give exactly these, groups that are new included. Answers what an
   * account gained and lost of that identity's memberships.
   */
  setClaimed(
    identity: Pick<IdentityRow, 'id' | 'userId'>,
    groups: readonly string[],
    by: string,
    at: number,
  ): Promise<{ readonly added: readonly string[]; readonly removed: readonly string[] }>;
  nestings(): Promise<readonly NestingRow[]>;
  addNesting(row: NestingRow): Promise<boolean>;
  removeNesting(member: string, group: string): Promise<boolean>;
  /** The policy epoch: rises with every change of nestings or grants. */
  epoch(): Promise<number>;
}
