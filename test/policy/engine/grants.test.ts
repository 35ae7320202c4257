import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadGrants } from '../../../src/policy/load-grants.ts';
import type { PolicyRows, Provenance } from '../../../src/policy/rule.ts';
import { noRows, user } from '../fixture.ts';
import { effectFor, setDesk, type Desk } from './desk.ts';

const provenance: Provenance = {
  kind: 'grant',
  id: '0190-7f3a',
  by: 'user:root',
  at: Date.UTC(2026, 10, 20),
};
const nesting = (member: string, group: string): PolicyRows => ({
  ...noRows,
  memberships: [{ member: `group:${member}`, group: `group:${group}`, provenance }],
});

let desk: Desk;
beforeEach(() => {
  desk = setDesk(`p, group:support, Query.users, *, allow
g, group:support, group:staff
`);
});
afterEach(() => desk.clear());

const bob = user('bob', { groups: ['helpers'] });

describe('grants', () => {
  test('C46: of a newer epoch decide the next request on this node, and a taken one decides no more', async () => {
    const engine = await desk.open();
    expect(effectFor(engine.current(), bob, 'Query.users')).toBe('deny');
    for (let epoch = 2; epoch < 40; epoch += 2) {
      Object.assign(desk.grants, { epoch, rows: nesting('helpers', 'support') });
      expect(effectFor(await engine.atEpoch(epoch), bob, 'Query.users')).toBe('allow');
      Object.assign(desk.grants, { epoch: epoch + 1, rows: noRows });
      expect(effectFor(await engine.atEpoch(epoch + 1), bob, 'Query.users')).toBe('deny');
    }
  });

  test('are loaded once for everybody who asks at once, and not at all where they are new enough', async () => {
    const engine = await desk.open();
    Object.assign(desk.grants, { epoch: 2, rows: nesting('helpers', 'support'), loads: 0 });
    const snapshots = await Promise.all(Array.from({ length: 50 }, () => engine.atEpoch(2)));
    expect(new Set(snapshots).size).toBe(1);
    expect(desk.grants.loads).toBe(1);
    expect(await engine.atEpoch(1)).toBe(engine.current());
    expect(desk.grants.loads).toBe(1);
  });

  test('that cannot be loaded refuse the request: it is not decided by stale ones', async () => {
    const engine = await desk.open();
    desk.grants.fail = new Error('connection lost');
    await expect(engine.atEpoch(2)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    desk.grants.fail = null;
    await expect(engine.atEpoch(2)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    desk.grants.epoch = 2;
    expect(await engine.atEpoch(2)).toBe(engine.current());
  });

  test('that never arrive are not waited for', async () => {
    const never = { load: () => new Promise<never>(() => undefined) };
    await expect(loadGrants(never, 20)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('join the last good files while the edited ones are refused', async () => {
    const engine = await desk.open();
    desk.write('rules.csv', 'nonsense\n');
    await engine.reload();
    Object.assign(desk.grants, { epoch: 2, rows: nesting('helpers', 'support') });
    expect(effectFor(await engine.atEpoch(2), bob, 'Query.users')).toBe('allow');
    expect(engine.status()).toMatchObject({ source: 'last-good', epoch: 2 });
  });

  test('C46: that were taken decide no more, even while one that was given beside them is refused', async () => {
    const engine = await desk.open();
    Object.assign(desk.grants, { epoch: 2, rows: nesting('helpers', 'support') });
    expect(effectFor(await engine.atEpoch(2), bob, 'Query.users')).toBe('allow');
    Object.assign(desk.grants, { epoch: 3, rows: nesting('staff', 'support') });
    expect(effectFor(await engine.atEpoch(3), bob, 'Query.users')).toBe('deny');
    expect(engine.status().refusal.length).toBeGreaterThan(0);

    desk.write('rules.csv', 'p, group:support, Query.users, *, allow\np, user:root, Query.notes, *, allow\n');
    expect((await engine.reload()).refusal).toEqual([]);
    expect(effectFor(engine.current(), bob, 'Query.users')).toBe('deny');
    expect(effectFor(engine.current(), user('ann', { groups: ['staff'] }), 'Query.users')).toBe('allow');
  });

  test('that make a circle leave the last good policy deciding, loudly, and are tried again with new files', async () => {
    const engine = await desk.open();
    const before = engine.current();
    Object.assign(desk.grants, { epoch: 2, rows: nesting('staff', 'support'), loads: 0 });
    expect(await engine.atEpoch(2)).toBe(before);
    expect(engine.status()).toMatchObject({ epoch: 2, source: 'files' });
    expect(engine.status().refusal.length).toBeGreaterThan(0);
    expect(desk.told.some(({ level }) => level === 'error')).toBe(true);
    await engine.atEpoch(2);
    expect(desk.grants.loads).toBe(1);

    desk.write('rules.csv', 'p, group:support, Query.users, *, allow\n');
    expect((await engine.reload()).refusal).toEqual([]);
    const ann = user('ann', { groups: ['staff'] });
    expect(effectFor(engine.current(), ann, 'Query.users')).toBe('allow');
  });

  test('that are gone no longer keep files from deciding that were refused because of them', async () => {
    const engine = await desk.open();
    Object.assign(desk.grants, { epoch: 2, rows: nesting('helpers', 'support') });
    await engine.atEpoch(2);
    // Taken by another process; this one has not been asked since.
    Object.assign(desk.grants, { epoch: 3, rows: noRows });
    desk.write('rules.csv', 'g, group:support, group:helpers\np, group:helpers, Query.users, *, allow\n');
    expect((await engine.reload()).refusal.length).toBeGreaterThan(0);
    const mended = new Promise<void>((resolve) => {
      engine.onChange(({ refusal }) => {
        if (refusal.length === 0) resolve();
      });
    });
    await engine.atEpoch(3);
    await mended;
    expect(effectFor(engine.current(), user('ann', { groups: ['support'] }), 'Query.users')).toBe('allow');
  });
});
