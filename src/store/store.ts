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
  readonly grants: GrantRepository;
  readonly identities: IdentityRepository;
  readonly usedStates: UsedStateRepository;
  readonly administration: AdministrationRepository;
  readonly audit: AuditRepository;
  /** Runs the work as one unit: all of it is committed when the promise resolves, none of it when it rejects. */
  transaction<T>(work: (store: Store) => Promise<T>): Promise<T>;
  /** Rejects unless the database answers now. */
  check(): Promise<void>;
  /** How busy its connections are now. */
  pool(): PoolStatus;
  close(): Promise<void>;
}

/** Connections to the database. */
export interface PoolStatus {
  readonly open: number;
  /** Of the open ones, those that nobody uses. */
  readonly idle: number;
  /** Statements and units that wait for a connection. */
  readonly waiting: number;
  /** How many there may be. */
  readonly most: number;
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
  /** A session that is alive, by its public id. */
  findByPublicId(publicId: string, alive: SessionLimits & { now: number }): Promise<SessionRow | null>;
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

/** Somebody as an issuer elsewhere knows them. (issuer, subject) is the key, never an e-mail address (OIDC Core 1.0, 5.7). */
export interface IdentityRow {
  readonly id: string;
  readonly userId: string;
  /** The authenticator that proved it last. */
  readonly authenticator: string;
  readonly issuer: string;
  readonly subject: string;
  /** What the issuer calls them, for people to recognise: at most 200 characters. */
  readonly label: string;
  readonly linkedAt: number;
  readonly lastUsedAt: number;
}

export interface IdentityRepository {
  find(issuer: string, subject: string): Promise<IdentityRow | null>;
  byId(id: string): Promise<IdentityRow | null>;
  /** Of each account, oldest first. */
  ofUsers(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly IdentityRow[]>>;
  /** `false` where (issuer, subject) is somebody's already. */
  insert(identity: IdentityRow): Promise<boolean>;
  recordUse(id: string, use: Pick<IdentityRow, 'authenticator' | 'label' | 'lastUsedAt'>): Promise<boolean>;
  /** The memberships that its claims gave go with it. */
  delete(id: string): Promise<boolean>;
}

/** States of login transactions (OIDC `state`) that a callback has used up. */
export interface UsedStateRepository {
  /** `true` exactly once, for one caller. It is remembered until `expiresAt`. */
  use(digest: Buffer, expiresAt: number): Promise<boolean>;
  /** Deletes what has expired, `purgeBatch` at most. Returns how many. */
  purge(now: number): Promise<number>;
}

/** One number that every change by an administrator raises: who decided on an older one decides again. */
export interface AdministrationRepository {
  revision(): Promise<number>;
  /** Raises it in this unit, and keeps others from doing so until the unit ends. `false` where it is not `from` any more. */
  advance(from: number): Promise<boolean>;
  /** Raises it in this unit, whatever it is, as soon as no other unit keeps it: for who decided on nothing before. */
  take(): Promise<void>;
}

/** One thing that happened. Rows are added and, after their time, purged; never changed. */
export interface AuditRow {
  /** UUID v7: rows of one moment keep their order. */
  readonly id: string;
  readonly at: number;
  /** Of the catalogue in `audit/`: `login.succeeded`. */
  readonly event: string;
  /** Whoever did it: `user:ann`, `anonymous`, `operator`. */
  readonly subject: string;
  /** The account that did it, and the account that it was done to; `null` where there is none. */
  readonly actorId: string | null;
  readonly accountId: string | null;
  readonly authenticator: string | null;
  /** Public id of the session. */
  readonly sessionId: string | null;
  readonly requestId: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly policyVersion: string | null;
  /** How many times within one operation; 1 for most. */
  readonly count: number;
  /** What else there is to say, by the catalogue: no secrets. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditFilter {
  /** Records of what that account did, or what was done to it. */
  readonly about?: string;
  /** An event's whole name, or its first word with a dot: `login.` */
  readonly event?: string;
  /** Whoever did it, as a subject. */
  readonly subject?: string;
  /** Milliseconds since the Unix epoch, the first included, the last not. */
  readonly from?: number;
  readonly until?: number;
}

export interface AuditRepository {
  /** All of them or none. Rows that are there already are left as they are, so that a batch can be sent again. */
  append(rows: readonly AuditRow[]): Promise<void>;
  /** Newest first; `after` is the id of the last one of the page before. */
  list(filter: AuditFilter, page: PageRequest<string>): Promise<readonly AuditRow[]>;
  /** Oldest first, those after that id: for following along. */
  since(after: string | null, limit: number): Promise<readonly AuditRow[]>;
  /** Deletes rows older than that, `purgeBatch` at most. Returns how many. */
  purge(before: number): Promise<number>;
}
