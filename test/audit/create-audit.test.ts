import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditEntry } from '../../src/audit/audit.ts';
import { auditEvents } from '../../src/audit/events.ts';
import { systemClock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import type { Origin } from '../../src/core/origin.ts';
import { manualClock } from '../sessions/manual-clock.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { userNamed } from '../store/rows.ts';
import { allRows, failure, numbersOf, openTrail } from './open-trail.ts';

const origin: Origin = {
  subject: 'user:ann',
  userId: newId(systemClock),
  authenticator: 'password',
  sessionId: newId(systemClock),
  requestId: 'request-1',
  address: '192.0.2.7',
  userAgent: 'a browser',
  policyVersion: 'sha256-0123456789abcdef',
};

describe.each(storeKinds)('the trail on the %s store', (kind) => {
  let opened: TestStore;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(() => opened.empty());

  test('what is recorded is in the log at once, and in the database soon, with all that is known of it', async () => {
    const clock = manualClock();
    const trail = openTrail(opened.store, { clock });
    const accountId = newId(systemClock);
    trail.record({ event: 'account.suspended', origin, accountId, details: { username: 'bob' } });
    const { userId: actorId, ...rest } = origin;
    const [line] = trail.log.records;
    expect(line).toEqual({
      level: 'info',
      fields: {
        event: 'account.suspended',
        recordId: expect.any(String),
        actorId,
        ...rest,
        accountId,
        count: 1,
        details: { username: 'bob' },
      },
      message: auditEvents['account.suspended'],
    });
    expect(trail.status()).toEqual({ queued: 1, capacity: 10_000, lost: 0, failingSince: null });
    await trail.written();
    expect(await allRows(opened.store)).toEqual([
      {
        id: (line?.fields as { recordId: string }).recordId,
        at: clock.now(),
        event: 'account.suspended',
        actorId,
        ...rest,
        accountId,
        count: 1,
        details: { username: 'bob' },
      },
    ]);
    await trail.close();
  });

  test('thousands at one moment are all there, in the order in which they happened', async () => {
    const trail = openTrail(opened.store, { clock: manualClock() });
    for (let number = 0; number < 3_000; number += 1) trail.record(failure(number));
    await trail.written();
    expect(numbersOf(await allRows(opened.store))).toEqual(
      Array.from({ length: 3_000 }, (_, number) => number),
    );
    await trail.close();
  });

  test('closing writes what waits, and what comes later stands in the log alone and is counted', async () => {
    const trail = openTrail(opened.store);
    for (let number = 0; number < 450; number += 1) trail.record(failure(number));
    await trail.close();
    expect(await allRows(opened.store)).toHaveLength(450);
    trail.record(failure(450));
    expect(trail.status()).toMatchObject({ queued: 0, lost: 1 });
    expect(trail.lines('login.failed').at(-1)?.fields).toMatchObject({
      details: { number: 450 },
      unwritten: true,
    });
    expect(await allRows(opened.store)).toHaveLength(450);
  });

  describe('a unit', () => {
    const added: AuditEntry = { event: 'account.created', origin, details: { username: 'ann' } };

    test('commits its change and its records together, and is logged then', async () => {
      const trail = openTrail(opened.store);
      const answer = await trail.unit(async (unit, record) => {
        record(added);
        await unit.users.insert(userNamed('ann'));
        record({ ...added, event: 'group.member-added', details: { group: 'support' } });
        expect(trail.log.records).toEqual([]);
        return 'done';
      });
      expect(answer).toBe('done');
      const rows = await allRows(opened.store);
      expect(rows.map(({ event }) => event)).toEqual(['account.created', 'group.member-added']);
      expect(trail.log.records.map(({ fields }) => fields)).toMatchObject(
        rows.map(({ id, event }) => ({ recordId: id, event })),
      );
      expect(await opened.store.users.count()).toBe(1);
      await trail.close();
    });

    test('that fails leaves neither change nor record nor line', async () => {
      const trail = openTrail(opened.store);
      const failing = trail.unit(async (unit, record) => {
        await unit.users.insert(userNamed('ann'));
        record(added);
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      await trail.close();
      expect(await allRows(opened.store)).toEqual([]);
      expect(await opened.store.users.count()).toBe(0);
      expect(trail.log.records).toEqual([]);
    });

    test('whose record can not be written changes nothing', async () => {
      const trail = openTrail(opened.store);
      await opened.sql('ALTER TABLE audit_records RENAME TO audit_records_away');
      try {
        const failing = trail.unit(async (unit, record) => {
          await unit.users.insert(userNamed('ann'));
          record(added);
        });
        await expect(failing).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      } finally {
        await opened.sql('ALTER TABLE audit_records_away RENAME TO audit_records');
      }
      expect(await opened.store.users.count()).toBe(0);
      expect(trail.log.records).toEqual([]);
      await trail.close();
    });

    test('takes no record after its end', async () => {
      const trail = openTrail(opened.store);
      let late: (entry: AuditEntry) => void = () => undefined;
      await trail.unit((_unit, record) => {
        late = record;
        return Promise.resolve();
      });
      expect(() => late(added)).toThrow('after the end of its unit of work');
      await trail.close();
      expect(await allRows(opened.store)).toEqual([]);
    });
  });

  test('C70: what strangers send acts neither on the log nor on whoever reads the database', async () => {
    const trail = openTrail(opened.store);
    const hostile = 'ann\r\n\u001b[2J{"event":"login.succeeded"}\u009b\u202e\0\ud800';
    trail.record({
      event: 'login.failed',
      origin: { ...origin, subject: hostile, userAgent: hostile, requestId: hostile, address: hostile },
      details: { username: hostile, [hostile]: [hostile] },
    });
    await trail.written();
    const [row] = await allRows(opened.store);
    // eslint-disable-next-line no-control-regex -- that is what is looked for
    const acting = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd]/;
    const [line] = trail.log.records;
    const inside = (value: unknown): string[] =>
      typeof value === 'string'
        ? [value]
        : typeof value === 'object' && value !== null
          ? Object.entries(value).flatMap(([name, each]) => [name, ...inside(each)])
          : [];
    for (const text of [...inside(row), ...inside(line)]) expect(text).not.toMatch(acting);
    expect(row?.userAgent).toBe('ann\\r\\n\\u001b[2J{"event":"login.succeeded"}\\u009b\\u202e\\u0000\\ud800');
    await trail.close();
  });

  test('a row that the database will never take is told of, counted, and stops nobody behind it', async () => {
    const trail = openTrail(opened.store);
    await opened.sql("ALTER TABLE audit_records ADD CONSTRAINT no_13 CHECK (details->>'number' <> '13')");
    try {
      for (let number = 0; number < 300; number += 1) trail.record(failure(number));
      await trail.written();
    } finally {
      await opened.sql('ALTER TABLE audit_records DROP CONSTRAINT no_13');
    }
    const rows = await allRows(opened.store);
    expect(numbersOf(rows.filter(({ event }) => event === 'login.failed'))).toEqual(
      Array.from({ length: 300 }, (_, number) => number).filter((number) => number !== 13),
    );
    expect(trail.status()).toMatchObject({ queued: 0, lost: 1, failingSince: null });
    const refused = trail.lines('login.failed')[13]?.fields;
    expect(trail.lines('audit.unwritable')).toMatchObject([
      { level: 'error', fields: { recordId: refused?.['recordId'] } },
    ]);
    expect(rows.filter(({ event }) => event === 'audit.lost')).toMatchObject([
      { subject: 'audit', count: 1 },
    ]);
    await trail.close();
  });
});

test('records that somebody should look at are warnings, all others are not', async () => {
  const opened = await openTestStore('embedded');
  const trail = openTrail(opened.store);
  for (const event of Object.keys(auditEvents)) {
    trail.record({ event: event as keyof typeof auditEvents, origin });
  }
  const warned = trail.log.records.filter(({ level }) => level === 'warn');
  expect(warned.map(({ fields }) => (fields as { event: string }).event).sort()).toEqual([
    'administration.refused',
    'audit.lost',
    'identity.refused',
    'policy.refused',
  ]);
  await trail.close();
  await opened.close();
});
