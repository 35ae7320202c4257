import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import type { Username } from '../../src/core/names.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import {
  createLoginThrottle,
  type LoginThrottle,
  type ThrottleAnswer,
} from '../../src/throttles/login-throttle.ts';
import { loginThrottleSettings } from '../../src/throttles/settings.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';

const minute = 60_000;
const home = '192.0.2.1';
const stranger = (at: number): string => `198.51.${Math.floor(at / 250)}.${at % 250}`;

describe.each(storeKinds)('the login throttle on the %s store', (kind) => {
  let opened: TestStore;
  let throttle: LoginThrottle;
  let ann: string;
  let now = 0;
  const clock = { ...systemClock, now: () => now };

  const throttleOn = (store: Store, changes: object = {}): LoginThrottle =>
    createLoginThrottle({
      throttles: store.throttles,
      users: store.users,
      settings: loginThrottleSettings.parse(changes),
      clock,
    });

  beforeAll(async () => {
    opened = await openTestStore(kind);
    throttle = throttleOn(opened.store);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    now = Date.UTC(2026, 10, 20);
    ann = newId(clock);
    await opened.store.users.insert({
      id: ann,
      username: 'ann' as Username,
      name: '',
      attributes: {},
      createdAt: now,
      emails: [],
      passwordHash: null,
    });
  });

  const retryOf = (answer: ThrottleAnswer): number | null =>
    answer.kind === 'throttled' ? answer.retryAfter : null;

  const takeMany = async (count: number, name: string | null, address: (at: number) => string) => {
    const answers: ThrottleAnswer[] = [];
    for (let at = 0; at < count; at += 1) answers.push(await throttle.take(name, address(at)));
    return answers.filter(({ kind: each }) => each === 'taken').length;
  };

  const logIn = async (name: string, id: string, address: string): Promise<void> => {
    const answer = await throttle.take(name, address);
    if (answer.kind !== 'taken') throw new Error('was throttled');
    await throttle.clear(answer.attempt, id);
  };

  test('lets ten attempts through from one network in five minutes, and tells how long to wait', async () => {
    expect(await takeMany(10, 'ann', () => home)).toBe(10);
    now += minute;
    expect(retryOf(await throttle.take('ann', home))).toBe(4 * 60);
    now += 4 * minute - 1;
    expect(retryOf(await throttle.take('ann', home))).toBe(1);
    now += 1;
    expect(retryOf(await throttle.take('ann', home))).toBeNull();
  });

  test('counts a network’s attempts at all names together, and every spelling of a name as one', async () => {
    for (let at = 0; at < 10; at += 1) await throttle.take(`name${at}`, home);
    expect(retryOf(await throttle.take('ann', home))).not.toBeNull();

    const answers = ['Ann', 'ANN', 'ａｎｎ', 'ann'].map((name) => throttle.take(name, stranger(1)));
    const keys = (await Promise.all(answers)).map(
      (each) => each.kind === 'taken' && each.attempt.accountKeys,
    );
    expect(new Set(keys.map((each) => JSON.stringify(each))).size).toBe(1);
  });

  test('a success empties the account’s buckets', async () => {
    await takeMany(9, 'ann', () => home);
    await logIn('ann', ann, home);
    const settings = { perNetwork: 1_000 };
    throttle = throttleOn(opened.store, settings);
    expect(await takeMany(11, 'ann', () => home)).toBe(10);
    throttle = throttleOn(opened.store);
  });

  test('C07: of strangers’ attempts at an account the 101st is refused; the owner, where they logged in before, is not', async () => {
    await logIn('ann', ann, home);
    expect(await takeMany(100, 'ann', stranger)).toBe(100);
    expect(retryOf(await throttle.take('ann', stranger(101)))).toBe(24 * 60 * 60);

    now += 10 * minute;
    await logIn('ann', ann, home);
    expect(retryOf(await throttle.take('ann', stranger(102)))).not.toBeNull();
    expect(retryOf(await throttle.take('bob', stranger(102)))).toBeNull();

    now += 24 * 60 * minute;
    expect(retryOf(await throttle.take('ann', stranger(103)))).toBeNull();
  });

  test('C07: strangers who use up the count of all do not keep the owner out', async () => {
    await logIn('ann', ann, home);
    throttle = throttleOn(opened.store, { overall: 20 });
    now += 10 * minute;
    expect(await takeMany(30, 'bob', stranger)).toBe(20);
    expect(retryOf(await throttle.take('ann', stranger(31)))).not.toBeNull();
    await logIn('ann', ann, home);
    throttle = throttleOn(opened.store);
  });

  test('C08: counts attempts and not requests: of 100 at once ten are let through', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => throttle.take('ann', home)));
    expect(answers.filter(({ kind: each }) => each === 'taken')).toHaveLength(10);
  });

  test('C08: three nodes share one count, and it survives a restart', async () => {
    const nodes = [
      opened.store,
      await openStore({ ...opened.options, attach: true }),
      await openStore({ ...opened.options, attach: true }),
    ];
    const throttles = nodes.map((store) => throttleOn(store));
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, at) => throttles[at % 3]!.take('ann', home)),
    );
    expect(answers.filter(({ kind: each }) => each === 'taken')).toHaveLength(10);
    await Promise.all(nodes.slice(1).map((store) => store.close()));

    const restarted = await openStore({ ...opened.options, attach: true });
    expect(retryOf(await throttleOn(restarted).take('ann', home))).not.toBeNull();
    await restarted.close();
  });

  test('C09: a name that nobody has is throttled like one that somebody has', async () => {
    const trace = async (name: string): Promise<(number | null)[]> => {
      await opened.sql('TRUNCATE throttle_buckets');
      const answers: (number | null)[] = [];
      for (let at = 0; at < 12; at += 1) answers.push(retryOf(await throttle.take(name, home)));
      for (let at = 0; at < 95; at += 1) answers.push(retryOf(await throttle.take(name, stranger(at))));
      return answers;
    };
    expect(await trace('nobody-at-all')).toEqual(await trace('ann'));
  });

  test('keeps no name and no address in its table, and of what no account can be called not even a digest', async () => {
    await throttle.take('ann', home);
    const one = await throttle.take('My password is: hunter2!', stranger(1));
    const other = await throttle.take('something else!', stranger(1));
    expect(one).toEqual(other);
    const rows = JSON.stringify(await opened.sql('SELECT key FROM throttle_buckets'));
    for (const text of ['ann', 'hunter2', home, '198.51']) expect(rows).not.toContain(text);
  });

  test('never knows the network of those who have no address', async () => {
    const answer = await throttle.take('ann', null);
    if (answer.kind === 'taken') await throttle.clear(answer.attempt, ann);
    expect(await opened.sql('SELECT * FROM login_networks')).toEqual([]);
  });
});
