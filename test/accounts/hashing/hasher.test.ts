import { readFileSync, readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterEach, describe, expect, test } from '@jest/globals';
import { hash as argon2 } from 'argon2';
import { createHasher, type Hasher, type HasherSettings } from '../../../src/accounts/hashing/hasher.ts';
import { parsePassword, type Password } from '../../../src/accounts/password.ts';
import { hasherSettings, passwordSettings } from '../../../src/accounts/settings.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import { cheapHasher } from '../cheap-hasher.ts';

const open: Hasher[] = [];
const keep = (hasher: Hasher): Hasher => {
  open.push(hasher);
  return hasher;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((hasher) => hasher.close()));
});

const password = parsePassword('correct horse battery') as Password;
const other = parsePassword('correct horse batterz') as Password;
const defaults = hasherSettings(passwordSettings.parse({}));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('hashes', () => {
  test('C06: a new hash is argon2id with at least 19 MiB, two passes and one lane, and says so itself', async () => {
    const hasher = keep(createHasher({ settings: defaults, clock: systemClock, log: silentLog }));
    const stored = await hasher.hash(password);
    const [, kind, version, parameters, salt, digest] = stored.split('$');
    expect(kind).toBe('argon2id');
    expect(version).toBe('v=19');
    const [, memory, passes, lanes] = /^m=(\d+),t=(\d+),p=(\d+)$/.exec(parameters!) ?? [];
    expect(Number(memory)).toBeGreaterThanOrEqual(19_456);
    expect(Number(passes)).toBeGreaterThanOrEqual(2);
    expect(Number(lanes)).toBeGreaterThanOrEqual(1);
    expect(Buffer.from(salt!, 'base64').length).toBeGreaterThanOrEqual(16);
    expect(Buffer.from(digest!, 'base64').length).toBeGreaterThanOrEqual(32);
    expect(await hasher.verify(stored, password)).toBe('match');
    expect(await hasher.verify(stored, other)).toBe('mismatch');
    expect(hasher.isOutdated(stored)).toBe(false);
  });

  test('C06: settings below the floors are refused', () => {
    for (const weak of [{ memoryKiB: 19_455 }, { passes: 1 }, { minLength: 7 }]) {
      expect(passwordSettings.safeParse(weak).success).toBe(false);
    }
  });

  test('a hash that the argon2 package wrote itself, its parameters in another order, verifies, NUL and all', async () => {
    const hasher = keep(cheapHasher());
    const odd = parsePassword('nul\0inside 𝄞 and after') as Password;
    const stored = await argon2(Buffer.from(odd, 'utf8'), { memoryCost: 64, timeCost: 1, parallelism: 1 });
    expect(await hasher.verify(stored, odd)).toBe('match');
    expect(await hasher.verify(stored, parsePassword('nul') as Password)).toBe('mismatch');
  });

  test('no password matches where there is no hash', async () => {
    const hasher = keep(cheapHasher());
    expect(await hasher.verify(null, password)).toBe('mismatch');
  });

  test('a malformed or too expensive stored hash is unusable at once: it neither throws nor hangs (trap: argon2 0.45)', async () => {
    const hasher = keep(cheapHasher());
    const good = await hasher.hash(password);
    const table = [
      '',
      'plain text',
      '$argon2id$',
      good.slice(0, -40),
      `${good}$more`,
      good.replace('t=1', 't=1000000'),
      good.replace('t=1', 't=99'),
      good.replace('m=64', 'm=4194304'),
      good.replace('m=64', 'm=0'),
      good.replace('m=64', 'm=1'),
      good.replace('p=1', 'p=99'),
      good.replace('v=19', 'v=16'),
      good.replace('argon2id', 'argon2d'),
      good.replace('argon2id', 'constructor'),
      '$2b$10$abcdefghijklmnopqrstuuJ8m7oYlYw3qYk8Vv8Vw1h1XcQf1y2e2',
    ];
    const start = performance.now();
    for (const stored of table)
      expect([stored, await hasher.verify(stored, password)]).toEqual([stored, 'unusable']);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(await hasher.verify(good, password)).toBe('match');
  });
});

describe('the hashing process', () => {
  test('works niced, with as many threads as it may use at once, and none of the server’s environment', async () => {
    const hasher = keep(cheapHasher());
    await Promise.all([hasher.hash(password), hasher.hash(password), hasher.hash(password)]);
    const pid = hasher.pid()!;
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    expect(environment).toContain('UV_THREADPOOL_SIZE=2');
    expect(environment.some((entry) => entry.startsWith('PATH='))).toBe(false);
    const threads = readdirSync(`/proc/${pid}/task`).map(Number);
    expect(threads.length).toBeGreaterThan(2);
    expect(new Set(threads.map((thread) => getPriority(thread)))).toEqual(new Set([10]));
  });

  test('killed, it fails what it was hashing, and the next call gets a new one', async () => {
    const hasher = keep(cheapHasher({ cost: { memory: 65_536, passes: 10, lanes: 1 } }));
    await hasher.verify(null, password);
    const running = Promise.allSettled([hasher.hash(password), hasher.hash(password)]);
    await pause(100);
    const pid = hasher.pid()!;
    process.kill(pid, 'SIGKILL');
    const results = await running;
    for (const each of results) expect(each).toMatchObject({ reason: { code: 'UNAVAILABLE' } });
    await pause(1_100);
    expect(await hasher.verify(null, password)).toBe('mismatch');
    expect(hasher.pid()).not.toBe(pid);
  });

  test('frozen, it is given up at its deadline', async () => {
    const hasher = keep(cheapHasher({ workDeadline: 2_000 }));
    await hasher.hash(password);
    process.kill(hasher.pid()!, 'SIGSTOP');
    await expect(hasher.hash(password)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(hasher.pid()).toBeUndefined();
  });

  test('closed, it refuses and leaves no process', async () => {
    const hasher = cheapHasher();
    await hasher.hash(password);
    const pid = hasher.pid()!;
    await hasher.close();
    expect(() => process.kill(pid, 0)).toThrow();
    await expect(hasher.hash(password)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('the waiting room', () => {
  const narrow: Partial<HasherSettings> = {
    cost: { memory: 19_456, passes: 4, lanes: 1 },
    concurrency: 1,
    waiting: 3,
  };

  test('past its places the answer is BUSY with a time to wait, at once', async () => {
    const hasher = keep(cheapHasher(narrow));
    await hasher.hash(password);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => hasher.verify(null, password)));
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(16);
    for (const each of refused) expect(each).toMatchObject({ reason: { code: 'BUSY', retryAfter: 1 } });
  });

  test('who waits longer than the deadline is told BUSY, and the place goes to others', async () => {
    const hasher = keep(cheapHasher({ ...narrow, waiting: 50, waitDeadline: 40 }));
    await hasher.hash(password);
    const results = await Promise.allSettled(Array.from({ length: 30 }, () => hasher.verify(null, password)));
    const codes = results.map((each) =>
      each.status === 'rejected' ? (each.reason as { code: string }).code : 'ok',
    );
    expect(codes).toContain('ok');
    expect(codes).toContain('BUSY');
    expect(await hasher.verify(null, password)).toBe('mismatch');
  });
});
