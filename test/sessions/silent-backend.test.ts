import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PortcullisError } from '../../src/core/errors.ts';
import type { SessionBackend } from '../../src/sessions/sessions.ts';
import type { UserRow } from '../../src/store/contract/users.ts';
import { insertUser } from './insert-user.ts';
import { manualClock } from './manual-clock.ts';
import { limits, openTestBackend, type TestBackend } from './open-test-backend.ts';
import { type SessionApp, startSessionApp } from './session-app.ts';

/** A backend that stops answering the named calls when told to; everything else is the real one. */
describe('a database that does not answer', () => {
  const clock = manualClock(Date.now());
  const silent = new Set<string>();
  let kept: TestBackend;
  let app: SessionApp;
  let ann: UserRow;
  beforeAll(async () => {
    kept = await openTestBackend('embedded');
    let inserted = false;
    const refuses = (call: string): boolean => {
      const after = silent.has('load after insert') && inserted;
      inserted = call === 'insert';
      return silent.has(call) || (call === 'load' && after);
    };
    const calls = Object.entries(kept.backend).map(([call, answer]) => [
      call,
      (...args: unknown[]) =>
        refuses(call)
          ? Promise.reject(new PortcullisError('UNAVAILABLE'))
          : (answer as (...args: unknown[]) => unknown)(...args),
    ]);
    const backend = Object.fromEntries(calls) as unknown as SessionBackend;
    ann = await insertUser(kept.store, clock, 'ann');
    app = await startSessionApp({ backend, limits, clock, user: () => ann });
  });
  afterAll(async () => {
    await app.close();
    await kept.close();
  });
  const without = async <T>(call: string, work: () => Promise<T>): Promise<T> => {
    silent.add(call);
    try {
      return await work();
    } finally {
      silent.delete(call);
    }
  };
  const userOf = (text: string) => (JSON.parse(text) as { user: string | null }).user;

  test('is a 503 that clears no cookie, and the session is there when it answers again', async () => {
    const client = app.client();
    await client.get('/login');
    const answer = await without('load', () => client.get('/'));
    expect(answer.status).toBe(503);
    expect(answer.setCookies).toEqual([]);
    expect(userOf((await client.get('/')).text)).toBe('ann');
  });

  test.each(['insert', 'load', 'load after insert'])('at a login (%s) logs nobody in', async (call) => {
    const client = app.client();
    const answer = await without(call, () => client.get('/login'));
    expect(answer.status).toBe(503);
    expect(answer.setCookies.filter((line) => !line.startsWith('portcullis=;'))).toEqual([]);
    expect(userOf((await client.get('/')).text)).toBeNull();
  });

  test('at a login of somebody who is logged in leaves the session before as it was', async () => {
    const client = app.client();
    await client.get('/login');
    const answer = await without('end', () => client.get('/login'));
    expect(answer.status).toBe(503);
    expect(answer.setCookies).toEqual([]);
    expect(userOf((await client.get('/')).text)).toBe('ann');
  });

  test('at a logout is a 503, and who logs out again is out', async () => {
    const client = app.client();
    await client.get('/login');
    const answer = await without('end', () => client.get('/logout'));
    expect(answer.status).toBe(503);
    expect(answer.setCookies).toEqual([]);
    expect((await client.get('/logout')).status).toBe(200);
    expect(userOf((await client.get('/')).text)).toBeNull();
  });

  test('while last use is written bothers nobody', async () => {
    const client = app.client();
    await client.get('/login');
    clock.advance(120_000);
    const answer = await without('update', async () => {
      const answered = await client.get('/');
      await app.settle();
      return answered;
    });
    expect(answer.status).toBe(200);
  });
});
