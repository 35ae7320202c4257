import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { createOrderedIds } from '../core/ordered-ids.ts';
import { originWithoutRequest } from '../core/origin.ts';
import type { Store } from '../store/store.ts';
import { createAlarm } from './alarm.ts';
import type { Audit, AuditEntry } from './audit.ts';
import { renderAuditRow } from './audit-row.ts';
import { tellRow } from './tell-row.ts';
import { createWriter } from './writer.ts';

export interface AuditNeeds {
  readonly store: Pick<Store, 'transaction' | 'audit'>;
  readonly settings: {
    /** Records that may wait. */
    readonly queue: number;
  };
  readonly clock: Clock;
  readonly log: Log;
}

/** How much of the queue denials may fill: anybody can cause them by the thousand, and must not push out the rest. */
const shareOfDenials = 0.75;

const origin = originWithoutRequest('audit');

/**
 * The trail. While the database is away, records wait in memory, `queue` of them at most; those past it are counted, stand
 * in the log alone, and are told of by one `audit.lost` when the database is back. A process that dies loses what waits:
 * a tenth of a second's, normally. Changes (`unit`) lose none: without the database there is no change.
 */
export function createAudit({ store, settings, clock, log }: AuditNeeds): Audit {
  const capacity = settings.queue;
  const nextId = createOrderedIds(clock);
  const rowOf = (entry: AuditEntry) => {
    const at = clock.now();
    return renderAuditRow(entry, nextId(), at);
  };
  const failing = createAlarm(log, clock);
  const full = createAlarm(log, clock);
  let lost = 0;
  let untold = 0;

  const writer = createWriter({
    append: (rows) => store.audit.append(rows),
    capacity,
    onFailure(err) {
      const fields = { event: 'audit.failing', err, queued: writer.queued, capacity };
      failing.raise(fields, 'Audit records can not be written: they wait in memory.');
    },
    onWritten() {
      failing.settle({ event: 'audit.restored', queued: writer.queued }, 'Audit records are written again.');
      // Not in the middle of a flood: it would be one of these for every batch.
      if (writer.queued <= capacity / 2) tellLost();
    },
    onUnwritable(row, err) {
      lost += 1;
      untold += 1;
      log.error(
        { event: 'audit.unwritable', err, recordId: row.id },
        'The database takes no such audit record.',
      );
    },
    clock,
  });

  function record(entry: AuditEntry): void {
    const row = rowOf(entry);
    const room = entry.event === 'decision.denied' ? Math.floor(capacity * shareOfDenials) : capacity;
    const taken = writer.add(row, room);
    tellRow(log, entry.event, row, taken ? {} : { unwritten: true });
    if (taken) return;
    lost += 1;
    untold += 1;
    const sentence = 'The queue of audit records takes no more: new ones stand in the log alone.';
    full.raise({ event: 'audit.full', lost, capacity }, sentence);
  }

  function tellLost(): void {
    if (untold === 0) return;
    const row = rowOf({ event: 'audit.lost', origin, count: untold });
    if (!writer.add(row)) return;
    untold = 0;
    tellRow(log, 'audit.lost', row);
  }

  return {
    record(entry) {
      try {
        record(entry);
      } catch (err) {
        log.error({ event: 'audit.failed', err, what: entry.event }, 'Something could not be recorded.');
      }
    },

    async unit(work) {
      const { result, told } = await store.transaction(async (unit) => {
        const entries: AuditEntry[] = [];
        let over = false;
        const result = await work(unit, (entry) => {
          if (over) throw new Error(`${entry.event} was recorded after the end of its unit of work.`);
          entries.push(entry);
        });
        over = true;
        const told = entries.map((entry) => ({ event: entry.event, row: rowOf(entry) }));
        if (told.length > 0) await unit.audit.append(told.map(({ row }) => row));
        return { result, told };
      });
      for (const { event, row } of told) tellRow(log, event, row);
      return result;
    },

    status: () => ({ queued: writer.queued, capacity, lost, failingSince: writer.failingSince }),

    async close() {
      tellLost();
      const left = await writer.close();
      if (left > 0) {
        log.error(
          { event: 'audit.unwritten', records: left },
          'The server stops with audit records that could not be written: they stand in the log alone.',
        );
      }
    },
  };
}
