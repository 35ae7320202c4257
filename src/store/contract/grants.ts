/** A permission that an administrator gave at run time: it joins the policy as a `p` row that allows, without a condition. */
export interface GrantRow {
  readonly id: string;
  /** The account that it is for: stored by id, so that it follows a rename. `null` where it is for a group. */
  readonly userId: string | null;
  /** The group that it is for, a bare name; `null` where it is for an account. */
  readonly group: string | null;
  readonly permission: string;
  /** `read`, `write`, `subscribe`, or `*` for all of the permission. */
  readonly action: string;
  /** Subject of whoever made it. */
  readonly by: string;
  readonly at: number;
}

/** A grant with the subject it is for, as it is called now: `user:ann`, `group:support`. */
export interface NamedGrantRow extends GrantRow {
  readonly subject: string;
}

/** Every write raises the policy epoch in the same unit. */
export interface GrantRepository {
  /** All of them, oldest first. */
  list(): Promise<readonly NamedGrantRow[]>;
  find(id: string): Promise<NamedGrantRow | null>;
  /** `false` where that subject has the permission with that action already. A group that is new is made. */
  add(grant: GrantRow): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}
