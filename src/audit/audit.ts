import type { Origin } from '../core/origin.ts';
import type { Store } from '../store/store.ts';
import type { AuditEvent } from './events.ts';

/** One thing that happened, as whoever saw it tells it. */
export interface AuditEntry {
  readonly event: AuditEvent;
  readonly origin: Origin;
  /** The account that it was done to. */
  readonly accountId?: string | null;
  /** How many times within one operation; 1 where nothing is said. */
  readonly count?: number;
  /** What else there is to say: names, reasons, rules. Never what proves somebody: no password, token, code or cookie. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Runs work as one unit of the store. What it records is committed with it or not at all, and is logged once it is. */
export type AuditedUnit = <T>(
  work: (unit: Store, record: (entry: AuditEntry) => void) => Promise<T>,
) => Promise<T>;

/** The trail: everything that matters, in the log at once and in the database soon. */
export interface Audit {
  /** Takes note. Never waits, never rejects: see `AuditStatus` for what happens while the database is away. */
  record(entry: AuditEntry): void;
  /** For changes: the record and the change stand or fall together. */
  readonly unit: AuditedUnit;
  status(): AuditStatus;
  /** Writes what is queued, for at most its deadline. */
  close(): Promise<void>;
}

export interface AuditStatus {
  /** Records that wait to be written, and how many may. */
  readonly queued: number;
  readonly capacity: number;
  /** Records that found the queue full since the start: they stand in the log alone. */
  readonly lost: number;
  /** Milliseconds since the Unix epoch at which writing began to fail; `null` while it works. */
  readonly failingSince: number | null;
}
