import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createAudit } from '../../src/audit/create-audit.ts';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { rounds } from '../rounds.ts';
import { manualClock } from '../sessions/manual-clock.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { recordAt } from '../store/rows.ts';
import { follow } from './follow.ts';
import { allRows, failure } from './open-trail.ts';

jest.setTimeout(rounds(120_000, 900_000));

const asleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const clockBehind = (ms: number): Clock => ({ ...systemClock, now: () => systemClock.now() - ms });

describe.each(storeKinds)('following the trail of the %s store', (kind) => {
  let opened: TestStore;
  let store: Store;
  beforeAll(async () => {
    opened = await openTestStore(kind);
    ({ store } = opened);
  });
  afterAll(() => opened.close());
  beforeEach(() => opened.empty());

  test('begins with the newest records, oldest first, and shows no older one later', async () => {
    const now = systemClock.now();
    const rows = [400_000, 300_000, 50_000, 5_000, 1_000].map((ago) => recordAt(now - ago));
    await store.audit.append(rows);
    for (const last of [0, 2, 4, 100]) {
      const following = await follow(store.audit, { last });
      await following.until(Math.min(last, 5));
      expect(following.ids()).toEqual(last === 0 ? [] : rows.slice(-last).map(({ id }) => id));
      await following.end();
    }
  });

  test('shows each record of several servers once, whatever their clocks say and whenever their units end', async () => {
    const others = await Promise.all([1, 2].map(() => openStore({ ...opened.options, attach: true })));
    // Each look reads the last seconds again: at the pace of a person.
    const following = await follow(store.audit, { every: rounds(20, 300) });
    const count = rounds(150, 2_000);
    // The third clock is half a minute behind, the fourth is ahead.
    const audits = [0, 150, 30_000, -30_000].map((behind, index) =>
      createAudit({
        store: [store, ...others][index % 3] ?? store,
        settings: { queue: 100_000 },
        clock: clockBehind(behind),
        log: silentLog,
      }),
    );
    await Promise.all(
      audits.map(async (audit, index) => {
        for (let number = 0; number < count; number += 1) {
          if (number % 10 > 0) audit.record(failure(number));
          else {
            await audit.unit(async (unit, record) => {
              record(failure(number));
              await unit.users.count();
            });
          }
          if (number % 7 === index) await asleep(Math.random() * 10);
        }
        await audit.close();
      }),
    );
    const rows = await allRows(store);
    expect(rows).toHaveLength(4 * count);
    // Those of the clock that is behind are found by the look that goes far back: one of twenty.
    await following.until(4 * count);
    await following.end();
    expect(following.ids().toSorted()).toEqual(rows.map(({ id }) => id));
    await Promise.all(others.map((other) => other.close()));
  });

  test('a transaction that ends late is shown when it ends', async () => {
    const following = await follow(store.audit);
    const early = recordAt(systemClock.now());
    await store.transaction(async (unit) => {
      await unit.audit.append([early]);
      if (kind === 'postgresql') {
        await store.audit.append([recordAt(systemClock.now() + 5)]);
        await asleep(300);
        expect(following.ids()).not.toContain(early.id);
        expect(following.shown).toHaveLength(1);
      }
    });
    await following.until(kind === 'postgresql' ? 2 : 1);
    await following.end();
    expect(following.ids()).toContain(early.id);
    expect(new Set(following.ids()).size).toBe(kind === 'postgresql' ? 2 : 1);
  });

  test('remembers no more than the last two minutes', async () => {
    const clock = manualClock(systemClock.now());
    const following = await follow(store.audit, { every: 1, clock });
    const late = recordAt(clock.now() - 60_000);
    const tooLate = recordAt(clock.now() - 130_000);
    await store.audit.append([late, tooLate]);
    await following.until(1);
    expect(following.ids()).toEqual([late.id]);
    clock.advance(200_000);
    await following.until(1);
    const next = recordAt(clock.now());
    await store.audit.append([next]);
    await following.until(2);
    expect(following.ids()).toEqual([late.id, next.id]);
    await following.end();
  });

  test('a page is not the end of what there is', async () => {
    const following = await follow(store.audit, { every: 50 });
    const audit = createAudit({ store, settings: { queue: 10_000 }, clock: systemClock, log: silentLog });
    for (let number = 0; number < 2_500; number += 1) audit.record(failure(number));
    await audit.close();
    await following.until(2_500);
    await following.end();
    expect(following.ids()).toEqual((await allRows(store)).map(({ id }) => id));
  });
});
