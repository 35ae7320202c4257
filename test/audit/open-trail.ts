import { createAudit } from '../../src/audit/create-audit.ts';
import type { Audit, AuditEntry } from '../../src/audit/audit.ts';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { originWithoutRequest } from '../../src/core/origin.ts';
import type { AuditRow } from '../../src/store/contract/audit.ts';
import type { Store } from '../../src/store/store.ts';
import { type Logbook, logbook } from '../http/logbook.ts';

/** A trail on a real store, with a log that keeps its lines. */
export interface Trail extends Audit {
  readonly log: Logbook;
  /** Lines of that event. */
  lines(event: string): readonly { readonly level: string; readonly fields: Record<string, unknown> }[];
  /** Resolves when nothing waits to be written. */
  written(): Promise<void>;
}

export function openTrail(
  store: Store,
  { queue = 10_000, clock = systemClock }: { queue?: number; clock?: Clock } = {},
): Trail {
  const log = logbook();
  const audit = createAudit({ store, settings: { queue }, clock, log });
  return {
    ...audit,
    log,
    lines: (event) =>
      log.records
        .map(({ level, fields }) => ({ level, fields: fields as Record<string, unknown> }))
        .filter(({ fields }) => fields['event'] === event),
    async written() {
      while (audit.status().queued > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    },
  };
}

/** A failed login, told apart by its number. */
export const failure = (number: number): AuditEntry => ({
  event: 'login.failed',
  origin: { ...originWithoutRequest('anonymous'), requestId: `request-${number}` },
  details: { number },
});

/** Every row, oldest first. */
export async function allRows({ audit }: Pick<Store, 'audit'>): Promise<readonly AuditRow[]> {
  const rows: AuditRow[] = [];
  for (;;) {
    const page = await audit.since(rows.at(-1)?.id ?? null, 1_000);
    rows.push(...page);
    if (page.length < 1_000) return rows;
  }
}

export const numbersOf = (rows: readonly AuditRow[]): readonly unknown[] =>
  rows.map(({ details }) => details['number']);
