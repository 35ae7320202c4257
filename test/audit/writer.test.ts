import { expect, test } from '@jest/globals';
import { createWriter, type Writer } from '../../src/audit/writer.ts';
import { systemClock } from '../../src/core/clock.ts';
import { DatabaseFault } from '../../src/store/failures.ts';
import type { AuditRow } from '../../src/store/contract/audit.ts';
import { recordAt } from '../store/rows.ts';

/** A writer to a database that takes rows as `take` says. */
function openWriter(take: (rows: readonly AuditRow[]) => void) {
  const written: AuditRow[] = [];
  const unwritable: AuditRow[] = [];
  const failures: { readonly at: number; readonly error: unknown }[] = [];
  const writer = createWriter({
    async append(rows) {
      await Promise.resolve();
      take(rows);
      written.push(...rows);
    },
    capacity: 1_000,
    onFailure: (error) => void failures.push({ at: performance.now(), error }),
    onWritten: () => undefined,
    onUnwritable: (row) => void unwritable.push(row),
    clock: systemClock,
  });
  return { writer, written, unwritable, failures };
}

const rowsOf = (count: number): readonly AuditRow[] => Array.from({ length: count }, () => recordAt(0));

async function writeAll(writer: Writer, rows: readonly AuditRow[]): Promise<void> {
  for (const row of rows) expect(writer.add(row)).toBe(true);
  while (writer.queued > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await writer.close();
}

test('a driver that stumbles over its own connection costs no row', async () => {
  let stumbles = 2;
  const { writer, written, unwritable, failures } = openWriter(() => {
    stumbles -= 1;
    if (stumbles >= 0) throw new TypeError("Cannot read properties of null (reading 'handleReadyForQuery')");
  });
  const rows = rowsOf(50);
  await writeAll(writer, rows);
  expect(written).toEqual(rows);
  expect(unwritable).toEqual([]);
  expect(failures).toHaveLength(2);
});

test.each([
  ['what the driver can not send', () => new TypeError('Do not know how to serialize a BigInt')],
  [
    'what the database refuses as data',
    () => new DatabaseFault(Object.assign(new Error('no'), { code: '22P02' })),
  ],
])('one row that is %s is left out alone, wherever it stands', async (_, fault) => {
  const rows = rowsOf(230);
  for (const place of [0, 117, 229]) {
    const bad = rows[place];
    const { writer, written, unwritable } = openWriter((batch) => {
      if (batch.some((row) => row === bad)) throw fault();
    });
    await writeAll(writer, rows);
    expect(unwritable).toEqual([bad]);
    expect(written).toEqual(rows.filter((row) => row !== bad));
  }
});

test('a table that is not as we know it keeps every row waiting until it is', async () => {
  let mended = false;
  const { writer, written, unwritable } = openWriter(() => {
    if (!mended) throw new DatabaseFault(Object.assign(new Error('no such column'), { code: '42703' }));
  });
  setTimeout(() => (mended = true), 1_000);
  const rows = rowsOf(300);
  await writeAll(writer, rows);
  expect(written).toEqual(rows);
  expect(unwritable).toEqual([]);
});

test('tries come further and further apart, up to five seconds', async () => {
  const { writer, failures } = openWriter(() => {
    throw new DatabaseFault(Object.assign(new Error('gone'), { code: '57P01' }));
  });
  writer.add(recordAt(0));
  while (failures.length < 6) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(writer.failingSince).not.toBeNull();
  expect(await writer.close()).toBe(1);
  const gaps = failures.slice(1, 6).map(({ at }, index) => at - (failures[index]?.at ?? 0));
  for (const [index, wanted] of [100, 200, 400, 800, 1_600].entries()) {
    expect(gaps[index]).toBeGreaterThanOrEqual(wanted - 5);
  }
});
