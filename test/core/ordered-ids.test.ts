import { expect, test } from '@jest/globals';
import { createOrderedIds, firstIdAt, mostAhead } from '../../src/core/ordered-ids.ts';
import { manualClock } from '../sessions/manual-clock.ts';

const momentOf = (id: string): number => parseInt(id.replaceAll('-', '').slice(0, 12), 16);

test('ids are UUIDs of version 7 (RFC 9562, section 5.7) that begin with the moment they were made at', () => {
  const clock = manualClock();
  const nextId = createOrderedIds(clock);
  for (let round = 0; round < 100; round += 1) {
    const id = nextId();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(momentOf(id)).toBe(clock.now());
    clock.advance(1);
  }
});

test('each id is greater than the one before: within a millisecond, as time goes on, and after the clock was set back', () => {
  let now = 1_800_000_000_000;
  const nextId = createOrderedIds({ now: () => now, monotonic: () => 0 });
  const ids: string[] = [];
  for (const change of [0, 1, 0, -3_600_000, 0, 5, 3_600_000, 0]) {
    now += change;
    for (let count = 0; count < 2_000; count += 1) ids.push(nextId());
  }
  expect(ids).toEqual([...new Set(ids)].sort());
  expect(ids).toHaveLength(16_000);
});

test('after a clock was set back by more than an hour, ids follow it; they are never further ahead', () => {
  let now = 1_800_000_000_000;
  const nextId = createOrderedIds({ now: () => now, monotonic: () => 0 });
  for (const change of [0, -mostAhead, -1, 86_400_000, -86_400_000, 5, -mostAhead - 1, 100]) {
    now += change;
    const ids = [nextId(), nextId(), nextId()];
    expect(ids).toEqual(ids.toSorted());
    for (const id of ids) {
      expect(momentOf(id) - now).toBeGreaterThanOrEqual(0);
      expect(momentOf(id) - now).toBeLessThanOrEqual(mostAhead);
    }
  }
});

test('two makers of ids do not make the same one', () => {
  const clock = manualClock();
  const makers = Array.from({ length: 50 }, () => createOrderedIds(clock));
  const ids = makers.flatMap((nextId) => Array.from({ length: 200 }, nextId));
  expect(new Set(ids).size).toBe(10_000);
});

test('the first id of a millisecond is below all of it, and above all before it', () => {
  const clock = manualClock();
  const nextId = createOrderedIds(clock);
  for (let round = 0; round < 1_000; round += 1) {
    const before = nextId();
    clock.advance(1);
    const first = firstIdAt(clock.now());
    expect(first > before && first < nextId()).toBe(true);
  }
  expect(firstIdAt(-5)).toBe('00000000-0000-7000-8000-000000000000');
  expect(firstIdAt(8.64e15)).toBe('ffffffff-ffff-7000-8000-000000000000');
});
