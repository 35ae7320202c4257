import type { Username } from '../core/names.ts';
import type { AssuranceLevel, AttributeValue, Attributes } from '../core/principal.ts';

/**
 * What the house keeps, as the rooms see it. Nothing outside `store/` knows TypeORM, SQL or a driver. Every call ends
 * within its deadline, with an UNAVAILABLE error where the database does not answer.
 */
export interface Store {
  readonly kind: 'postgresql' | 'embedded';
  readonly users: UserRepository;
  readonly groups: GroupRepository;
  readonly sessions: SessionRepository;
  readonly throttles: ThrottleRepository;
  readonly setupLinks: SetupLinkRepository;
  /** Runs the work as one unit: all of it is committed when the promise resolves, none of it when it rejects. */
  transaction<T>(work: (store: Store) => Promise<T>): Promise<T>;
  /** Rejects unless the database answers now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

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

/** A page of a list, in order of username or name. `after` is the last one of the page before. */
export interface PageRequest<Key> {
  readonly after: Key | null;
  /** 1–1,000. */
  readonly limit: number;
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
  delete(id: string): Promise<boolean>;
}

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
  /** Direct memberships of an account. */
  groupsOf(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  membersOf(group: string, page: PageRequest<Username>): Promise<readonly UserRow[]>;
  /** Makes the group where it is new. `false` where the membership was there. */
  addMember(group: string, userId: string, by: string, at: number): Promise<boolean>;
  removeMember(group: string, userId: string): Promise<boolean>;
  nestings(): Promise<readonly NestingRow[]>;
  addNesting(row: NestingRow): Promise<boolean>;
  removeNesting(member: string, group: string): Promise<boolean>;
  /** The policy epoch: rises with every change of nestings or grants. */
  epoch(): Promise<number>;
}

export interface SessionRow {
  /** SHA-256 of the session id. */
  readonly idHash: Buffer;
  /** A public id, to name the session in lists: never the cookie's. */
  readonly publicId: string;
  readonly userId: string;
  readonly authenticator: string;
  readonly amr: readonly string[];
  readonly aal: AssuranceLevel;
  readonly authTime: number;
  readonly sessionEpoch: number;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly address: string | null;
  readonly userAgent: string | null;
  /** What koa-session keeps besides: small, JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What one statement tells a request: its session, whose it is, where they belong, and how new the grants are. */
export interface LoadedSession {
  readonly policyEpoch: number;
  readonly session: SessionRow | null;
  readonly user: UserRow | null;
  /** Direct memberships, bare names. */
  readonly groups: readonly string[];
}

export interface SessionRepository {
  /**
   * The one read on every request. `session` is null where there is none, or it ended, or is of an older session epoch,
   * or its account is not active, or it is past a limit; `user` is null with it. Without an id (an anonymous request)
   * it tells the policy epoch alone.
   */
  load(idHash: Buffer | null, alive: SessionLimits & { now: number }): Promise<LoadedSession>;
  /** The account's half of `load`, for sessions that are kept elsewhere (Redis). */
  loadUser(userId: string | null): Promise<Omit<LoadedSession, 'session'>>;
  insert(row: SessionRow): Promise<void>;
  /** Writes data and last use. `false`, and nothing written, where the session has ended: it is never made again. */
  update(idHash: Buffer, change: { data: SessionRow['data']; lastUsedAt: number }): Promise<boolean>;
  end(idHash: Buffer, at: number): Promise<boolean>;
  /** Ends a session by its public id, only of that account. */
  endByPublicId(userId: string, publicId: string, at: number): Promise<boolean>;
  /** Sessions that are alive, newest use first. */
  list(userId: string, alive: SessionLimits & { now: number }): Promise<readonly SessionRow[]>;
  /** Deletes what has ended or expired, `purgeBatch` at most. Returns how many. */
  purge(alive: SessionLimits & { now: number }): Promise<number>;
}

/** Both in milliseconds, kept by the server, in force for existing sessions at once. */
export interface SessionLimits {
  readonly idle: number;
  readonly absolute: number;
}

/** The most that one `purge` deletes: a statement must end within its deadline, whatever has piled up. */
export const purgeBatch = 1_000;

export interface ThrottleRepository {
  /**
   * Takes one attempt from each named bucket at once (one statement): a bucket counts attempts within a window that
   * starts with its first one. Answers the buckets that were already full; nothing is taken from any bucket then.
   */
  take(
    buckets: readonly { key: string; limit: number; windowMs: number }[],
    now: number,
  ): Promise<readonly { key: string; retryAfterMs: number }[]>;
  /** Takes one attempt out of each bucket that counts any. */
  giveBack(keys: readonly string[]): Promise<void>;
  /** Empties the buckets. */
  clear(keys: readonly string[]): Promise<void>;
  /** Deletes buckets whose window has ended, `purgeBatch` at most. Returns how many. */
  purge(now: number): Promise<number>;
  /** Networks from which an account has logged in before. */
  isKnownNetwork(userId: string, network: string): Promise<boolean>;
  rememberNetwork(userId: string, network: string, at: number): Promise<void>;
}

/** One-time links that make the first administrator. Only a digest is stored. */
export interface SetupLinkRepository {
  /** Replaces every older link. */
  issue(digest: Buffer, expiresAt: number): Promise<void>;
  isValid(digest: Buffer, now: number): Promise<boolean>;
  /** `true` exactly once, for one caller. */
  use(digest: Buffer, now: number): Promise<boolean>;
}
