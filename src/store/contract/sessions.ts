import type { AssuranceLevel } from '../../core/principal.ts';
import type { UserRow } from './users.ts';

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
