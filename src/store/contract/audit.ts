import type { PageRequest } from './page.ts';

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
