import type { Clock } from '../core/clock.ts';
import type { AuditRow } from '../store/contract/audit.ts';
import { appendApart } from './append-apart.ts';

export interface WriterNeeds {
  append(rows: readonly AuditRow[]): Promise<void>;
  /** Rows that may wait, those on their way to the database included. */
  readonly capacity: number;
  /** Each time that rows could not be written: they are tried again. */
  onFailure(error: unknown): void;
  /** Each time that rows were written. */
  onWritten(): void;
  /** A row that the database will never take, alone or with others. */
  onUnwritable(row: AuditRow, error: unknown): void;
  readonly clock: Clock;
}

/** Writes rows soon, in batches, one at a time, in the order in which they came; as long as it takes. */
export interface Writer {
  /** `false`, and the row is not taken, where `room` rows wait already or the writer is closed. */
  add(row: AuditRow, room?: number): boolean;
  readonly queued: number;
  /** Milliseconds since the Unix epoch; `null` while writing works. */
  readonly failingSince: number | null;
  /** Writes what waits, for at most the deadline. Answers how many rows are left unwritten. */
  close(): Promise<number>;
}

const batchRows = 200;
/** How long a row waits for others, in milliseconds. */
const gatherMs = 100;
const firstBackoffMs = 100;
const longestBackoffMs = 5_000;
const closeDeadlineMs = 2_000;

export function createWriter(needs: WriterNeeds): Writer {
  const { capacity, clock } = needs;
  const waiting: AuditRow[] = [];
  let writing: Promise<void> | null = null;
  let failingSince: number | null = null;
  let failures = 0;
  let state: 'open' | 'closing' | 'closed' = 'open';
  let wake = (): void => undefined;

  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function writeBatch(): Promise<void> {
    const batch = waiting.slice(0, batchRows);
    try {
      await appendApart(batch, { ...needs, failures });
    } catch (error) {
      failingSince ??= clock.now();
      needs.onFailure(error);
      const backoff = Math.min(firstBackoffMs * 2 ** failures, longestBackoffMs);
      failures += 1;
      await pause(state === 'open' ? backoff : firstBackoffMs);
      return;
    }
    waiting.splice(0, batch.length);
    failingSince = null;
    failures = 0;
    needs.onWritten();
  }

  async function write(): Promise<void> {
    while (waiting.length > 0 && state !== 'closed') {
      if (waiting.length < batchRows && state === 'open') await pause(gatherMs);
      await writeBatch();
    }
    writing = null;
  }

  return {
    add(row, room = capacity) {
      if (state === 'closed' || waiting.length >= room) return false;
      waiting.push(row);
      if (waiting.length >= batchRows && failingSince === null) wake();
      writing ??= write();
      return true;
    },
    get queued() {
      return waiting.length;
    },
    get failingSince() {
      return failingSince;
    },
    async close() {
      if (state === 'open') state = 'closing';
      wake();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeDeadlineMs)));
      await Promise.race([writing, late]);
      clearTimeout(timer);
      state = 'closed';
      wake();
      return waiting.length;
    },
  };
}
