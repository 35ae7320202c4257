import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { systemClock } from '../../src/core/clock.ts';
import { originWithoutRequest } from '../../src/core/origin.ts';
import { Secret } from '../../src/core/secret.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { rounds } from '../rounds.ts';
import { manualClock } from '../sessions/manual-clock.ts';
import { startFreezableProxy } from '../store/freezable-proxy.ts';
import { connectBeside, openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds, type StoreKind } from '../store/store-kinds.ts';
import { startProcess } from '../store/processes/start.ts';
import { userNamed } from '../store/rows.ts';
import { follow } from './follow.ts';
import { allRows, failure, numbersOf, openTrail, type Trail } from './open-trail.ts';

// The embedded database of another process is started for each test.
jest.setTimeout(120_000);

/** Short, so that a frozen database is noticed at once. */
const deadlines = { connect: 300, query: 300, transaction: 600 };
const asleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A store whose database can be frozen: it answers nothing, and closes nothing. */
interface Sink {
  readonly store: Store;
  /** The same database, with more patience. */
  readonly reader: Store;
  freeze(): void;
  thaw(): void;
  empty(): Promise<void>;
  close(): Promise<void>;
}

async function openSink(kind: StoreKind): Promise<Sink> {
  const opened = await openTestStore(kind);
  const frozen = await (kind === 'embedded' ? freezeOwner(opened) : freezeNetwork(opened));
  const client = await connectBeside(opened.options);
  const reader = await openStore({ ...opened.options, attach: true });
  return {
    ...frozen,
    reader,
    async empty() {
      await client.query('DELETE FROM audit_records; DELETE FROM users');
    },
    async close() {
      await client.end();
      await reader.close();
      await frozen.store.close();
      await frozen.close();
      await opened.close();
    },
  };
}

/** The embedded database is another process's, which can be stopped in its tracks. */
async function freezeOwner({ store: first, options }: TestStore) {
  await first.close();
  const owner = startProcess('open-store.ts', options.dataDir);
  await owner.next();
  return {
    store: await openStore({ ...options, deadlines, attach: true }),
    freeze: () => void owner.child.kill('SIGSTOP'),
    thaw: () => void owner.child.kill('SIGCONT'),
    async close() {
      owner.child.kill('SIGKILL');
      await owner.exited;
    },
  };
}

async function freezeNetwork({ options }: TestStore) {
  const url = new URL(options.databaseUrl?.reveal() ?? '');
  const target = { host: url.hostname, port: Number(url.port === '' ? 5432 : url.port) };
  const proxy = await startFreezableProxy(target);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  const store = await openStore({ ...options, databaseUrl: new Secret(url.href), deadlines });
  return { store, ...proxy };
}

describe.each(storeKinds)('while the %s database is frozen', (kind) => {
  let sink: Sink;
  let trail: Trail;
  beforeAll(async () => {
    sink = await openSink(kind);
  });
  afterAll(() => sink.close());
  afterEach(async () => {
    sink.thaw();
    await trail.close();
    await sink.empty();
  });
  const untilFailing = async (): Promise<void> => {
    while (trail.status().failingSince === null) await asleep(20);
  };

  test('F19: records wait, nobody waits for them, and all are there once when it is back', async () => {
    trail = openTrail(sink.store);
    const count = rounds(3, 30);
    let next = 0;
    const recordSome = (): void => {
      for (const end = next + 250; next < end; next += 1) trail.record(failure(next));
    };
    for (let outage = 0; outage < count; outage += 1) {
      recordSome();
      // In the middle of writing: what the database has taken by then, it must not get twice.
      await asleep(110);
      sink.freeze();
      const before = performance.now();
      recordSome();
      // One of them that waited would take the database's deadline.
      expect(performance.now() - before).toBeLessThan(1_000);
      await untilFailing();
      expect(trail.status().queued).toBeGreaterThanOrEqual(250);
      sink.thaw();
      const thawed = performance.now();
      await trail.written();
      expect(performance.now() - thawed).toBeLessThan(10_000);
      expect(trail.status()).toMatchObject({ lost: 0, failingSince: null });
    }
    expect(numbersOf(await allRows(sink.reader))).toEqual(
      Array.from({ length: next }, (_, number) => number),
    );
    expect(trail.lines('audit.failing')[0]).toMatchObject({ level: 'error', fields: { capacity: 10_000 } });
  });

  test('F19: of 10,001 records one is lost: it is in the log, alarmed of at once, and told of when the database is back', async () => {
    trail = openTrail(sink.store);
    sink.freeze();
    for (let number = 0; number < 10_000; number += 1) trail.record(failure(number));
    expect(trail.lines('audit.full')).toEqual([]);
    trail.record(failure(10_000));
    expect(trail.status()).toMatchObject({ queued: 10_000, lost: 1 });
    expect(trail.lines('login.failed').at(-1)?.fields).toMatchObject({
      details: { number: 10_000 },
      unwritten: true,
    });
    expect(trail.lines('audit.full')).toMatchObject([{ level: 'error', fields: { lost: 1 } }]);
    await untilFailing();
    sink.thaw();
    await trail.written();
    const rows = await allRows(sink.reader);
    const kept = rows.filter(({ event }) => event === 'login.failed');
    expect(numbersOf(kept)).toEqual(Array.from({ length: 10_000 }, (_, number) => number));
    expect(rows.filter(({ event }) => event !== 'login.failed')).toMatchObject([
      { event: 'audit.lost', subject: 'audit', count: 1 },
    ]);
    expect(trail.lines('audit.lost')).toHaveLength(1);
    expect(trail.lines('audit.restored')).toHaveLength(1);
  });

  test('denials, which anybody can cause, push out nothing else', async () => {
    trail = openTrail(sink.store, { queue: 400 });
    sink.freeze();
    const origin = originWithoutRequest('anonymous');
    for (let number = 0; number < 1_000; number += 1) trail.record({ event: 'decision.denied', origin });
    for (let number = 0; number < 100; number += 1) trail.record(failure(number));
    expect(trail.status()).toMatchObject({ queued: 400, lost: 700 });
    sink.thaw();
    await trail.written();
    const rows = await allRows(sink.reader);
    expect(rows.filter(({ event }) => event === 'login.failed')).toHaveLength(100);
    expect(rows.filter(({ event }) => event === 'decision.denied')).toHaveLength(300);
    expect(rows.filter(({ event }) => event === 'audit.lost')).toMatchObject([{ count: 700 }]);
  });

  test('a change is refused, and is neither recorded nor logged', async () => {
    trail = openTrail(sink.store);
    sink.freeze();
    const change = trail.unit(async (unit, record) => {
      record({ event: 'account.created', origin: originWithoutRequest('operator') });
      await unit.users.insert(userNamed('ann'));
    });
    await expect(change).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    sink.thaw();
    expect(await sink.reader.users.count()).toBe(0);
    expect(await allRows(sink.reader)).toEqual([]);
    expect(trail.lines('account.created')).toEqual([]);
  });

  test('whoever follows the trail is told, and misses nothing of an outage however long it was', async () => {
    const clock = manualClock(systemClock.now());
    trail = openTrail(sink.store, { clock });
    const following = await follow(sink.store.audit, { clock });
    let next = 0;
    const recordSome = (): void => {
      for (const end = next + 50; next < end; next += 1) trail.record(failure(next));
    };
    recordSome();
    await following.until(50);
    sink.freeze();
    for (let minutes = 0; minutes < 60; minutes += 10) {
      recordSome();
      clock.advance(600_000);
    }
    await untilFailing();
    while (following.outages.length === 0) await asleep(20);
    sink.thaw();
    await following.until(next);
    await following.end();
    expect(following.outages).toEqual(['began', 'ended']);
    expect(numbersOf(following.shown)).toEqual(Array.from({ length: next }, (_, number) => number));
  });

  test('closing takes two seconds at most, and says how many records are left to the log alone', async () => {
    trail = openTrail(sink.store);
    sink.freeze();
    for (let number = 0; number < 300; number += 1) trail.record(failure(number));
    const before = performance.now();
    await trail.close();
    expect(performance.now() - before).toBeLessThan(2_500);
    expect(trail.lines('audit.unwritten')).toMatchObject([{ level: 'error', fields: { records: 300 } }]);
  });

  test('F19: the queue holds so much memory and no more, however much strangers send', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    trail = openTrail(sink.store, { queue: 1_000 });
    sink.freeze();
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let number = 0; number < 2_000; number += 1) {
      // Fresh each time: shared ones would be one string however often they were kept.
      const long = Buffer.alloc(100_000, number).toString('latin1');
      trail.record({
        event: 'login.failed',
        origin: { ...originWithoutRequest('anonymous'), userAgent: long, requestId: long.slice(0, 300) },
        details: { username: long, more: [long, long] },
      });
      trail.log.records.splice(0);
    }
    collect();
    expect(trail.status()).toMatchObject({ queued: 1_000, lost: 1_000 });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000);
  });

  test('the alarm comes at once and then every ten seconds at most', async () => {
    let monotonic = 0;
    trail = openTrail(sink.store, { queue: 100, clock: { ...systemClock, monotonic: () => monotonic } });
    sink.freeze();
    for (let number = 0; number < 100; number += 1) trail.record(failure(number));
    const alarms: number[] = [];
    for (monotonic = 0; monotonic < 60_000; monotonic += 500) {
      trail.record(failure(100));
      if (trail.lines('audit.full').length > alarms.length) alarms.push(monotonic);
    }
    expect(alarms).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000]);
    await untilFailing();
    monotonic += 9_000;
    const failing = trail.lines('audit.failing').length;
    await asleep(1_500);
    expect(trail.lines('audit.failing')).toHaveLength(failing);
    monotonic += 1_000;
    while (trail.lines('audit.failing').length === failing) await asleep(20);
  });
});
