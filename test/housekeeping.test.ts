import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { renderAuditRow } from '../src/audit/audit-row.ts';
import { silentLog } from '../src/core/log.ts';
import { createOrderedIds } from '../src/core/ordered-ids.ts';
import { originWithoutRequest } from '../src/core/origin.ts';
import { startHousekeeping } from '../src/housekeeping.ts';
import { purgeBatch } from '../src/store/contract/page.ts';
import { manualClock } from './sessions/manual-clock.ts';
import { openTestStore, type TestStore } from './store/open-test-store.ts';
import { storeKinds } from './store/store-kinds.ts';
import { at, sessionOf, userNamed } from './store/rows.ts';

const limits = { idle: 1_000, absolute: 10_000 };
const keepAudit = 5_000;

describe.each(storeKinds)('housekeeping on the %s store', (kind) => {
  let opened: TestStore;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(() => opened.empty());

  const clock = manualClock(at);
  const start = (every?: number) =>
    startHousekeeping({
      sessions: opened.store.sessions,
      throttles: opened.store.throttles,
      usedStates: opened.store.usedStates,
      audit: opened.store.audit,
      limits,
      keepAudit,
      ...(every === undefined ? {} : { every }),
      clock,
      log: silentLog,
    });
  const count = async (table: string): Promise<number> =>
    Number((await opened.sql(`SELECT count(*) FROM ${table}`))[0]?.['count']);

  test('made-up names and ended sessions leave no rows for ever, and what is alive stays', async () => {
    const ann = userNamed('ann');
    await opened.store.users.insert(ann);
    const alive = sessionOf(ann);
    await opened.store.sessions.insert(alive);
    const ended = sessionOf(ann);
    await opened.store.sessions.insert(ended);
    await opened.store.sessions.end(ended.idHash, at);
    await opened.store.sessions.insert(sessionOf(ann, { lastUsedAt: at - 1_000 }));
    await opened.sql(
      `INSERT INTO throttle_buckets SELECT 'made-up-' || n, 1, $1 FROM generate_series(1, ${2 * purgeBatch + 7}) AS n`,
      [new Date(at - 1)],
    );
    await opened.store.throttles.take([{ key: 'alive', limit: 5, windowMs: 60_000 }], at);
    const housekeeping = start(20);
    while ((await count('throttle_buckets')) + (await count('sessions')) > 2) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await housekeeping.close();
    expect(await opened.sql('SELECT key FROM throttle_buckets')).toEqual([{ key: 'alive' }]);
    expect(await opened.sql('SELECT id_hash FROM sessions')).toEqual([{ id_hash: alive.idHash }]);
  });

  test('a used state goes when no callback could bring it back', async () => {
    await opened.store.usedStates.use(Buffer.alloc(32, 1), at - 1);
    await opened.store.usedStates.use(Buffer.alloc(32, 2), at + 60_000);
    const housekeeping = start(20);
    while ((await count('used_states')) > 1) await new Promise((resolve) => setTimeout(resolve, 20));
    await housekeeping.close();
    expect(await opened.store.usedStates.use(Buffer.alloc(32, 2), at)).toBe(false);
  });

  test('audit records go when their time is over, and not before', async () => {
    const ids = createOrderedIds(clock);
    const recordAt = (moment: number) =>
      renderAuditRow({ event: 'login.failed', origin: originWithoutRequest('anonymous') }, ids(), moment);
    const kept = recordAt(at - keepAudit);
    await opened.store.audit.append([recordAt(at - keepAudit - 1), kept, recordAt(at - 10 * keepAudit)]);
    const housekeeping = start(20);
    while ((await count('audit_records')) > 1) await new Promise((resolve) => setTimeout(resolve, 20));
    await housekeeping.close();
    expect(await opened.sql('SELECT id FROM audit_records')).toEqual([{ id: kept.id }]);
  });
});

test('a database that does not answer is warned of, and asked again', async () => {
  const warnings: string[] = [];
  let asked = 0;
  const housekeeping = startHousekeeping({
    sessions: { purge: () => Promise.resolve(0) },
    throttles: { purge: () => ((asked += 1), Promise.reject(new Error('down'))) },
    usedStates: { purge: () => Promise.resolve(0) },
    audit: { purge: () => Promise.resolve(0) },
    limits,
    keepAudit,
    every: 5,
    clock: manualClock(at),
    log: { ...silentLog, warn: (_fields, message) => void warnings.push(message) },
  });
  while (asked < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await housekeeping.close();
  expect(warnings.length).toBeGreaterThan(1);
});
