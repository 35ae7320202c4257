import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PlainProvider } from '../authenticators/plain-provider.ts';
import type { Client } from './client.ts';
import { comeBack, press, throughProvider } from './redirecting-browser.ts';
import {
  loginCookies,
  sessionCookie,
  startWithProviders,
  type WithProviders,
} from './server-with-providers.ts';
import type { TestServer } from './start-server.ts';

let w: WithProviders;
let t: TestServer;
let acme: PlainProvider;
beforeAll(async () => {
  w = await startWithProviders();
  ({ t, acme } = w);
});
afterAll(() => w.close());
beforeEach(() => {
  w.newcomer();
});

describe('a transaction', () => {
  const refused = async (client: Client, path: string, says: RegExp): Promise<void> => {
    const answer = await comeBack(client, path);
    expect(answer.status).toBe(401);
    expect(answer.text).toMatch(says);
    expect(client.jar.has(sessionCookie)).toBe(false);
  };

  test('C51: belongs to the browser that began it', async () => {
    const path = await throughProvider(acme, await press(t.client(), 'acme'));
    const victim = t.client();
    await refused(victim, path, /not begun in this browser/);
    // Also where that browser has begun one of its own.
    await press(victim, 'acme');
    await refused(victim, path, /not begun in this browser/);
    expect(await w.newRecords()).toContainEqual(
      expect.objectContaining({
        event: 'login.failed',
        authenticator: 'acme',
        details: { code: 'LOGIN_REFUSED', reason: 'no transaction of this browser' },
      }),
    );
  });

  test('C51: is good for one callback, also of twenty at once and with the cookie kept', async () => {
    const client = t.client();
    const path = await throughProvider(acme, await press(client, 'acme'));
    const kept = [...client.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => t.client().get(path, { cookie: kept, accept: 'text/html' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array<number>(19).fill(401)]);
    expect(
      answers.filter(({ setCookies }) => setCookies.some((line) => line.startsWith('portcullis='))),
    ).toHaveLength(1);
    const late = await t.client().get(path, { cookie: kept, accept: 'text/html' });
    expect(late.status).toBe(401);
    expect(late.text).toContain('over already');
  });

  test('C51: is used up by a callback that fails, too', async () => {
    const client = t.client();
    const sentOn = await press(client, 'acme');
    const kept = [...client.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const path = await throughProvider(acme, sentOn);
    const wrong = path.replace(/code=[^&]+/, 'code=wrong');
    expect((await t.client().get(wrong, { cookie: kept })).status).toBe(401);
    expect((await t.client().get(path, { cookie: kept })).status).toBe(401);
  });

  test.each([
    [599_000, 303],
    [601_000, 401],
  ])('C51: after %i ms is answered with %i', async (ms, status) => {
    const client = t.client();
    const path = await throughProvider(acme, await press(client, 'acme'));
    t.clock.advance(ms);
    expect((await comeBack(client, path)).status).toBe(status);
  });

  test('C51: in two tabs two people log in, each as themselves; their states can’t be swapped', async () => {
    const client = t.client();
    const [one, two] = [
      await press(client, 'acme', { next: '/one' }),
      await press(client, 'acme', { next: '/two' }),
    ];
    expect(loginCookies(client)).toHaveLength(2);
    acme.person = { sub: 'tab-1', preferred_username: 'tab1' };
    const pathOne = await throughProvider(acme, one);
    acme.person = { sub: 'tab-2', preferred_username: 'tab2' };
    const pathTwo = await throughProvider(acme, two);
    const codeOf = (path: string): string => /code=([^&]+)/.exec(path)?.[1] ?? '';
    // The second tab's code with the first one's state: its nonce is another's.
    const swapped = pathOne.replace(codeOf(pathOne), codeOf(pathTwo));
    await refused(client, swapped, /./);
    const [three, four] = [
      await press(client, 'acme', { next: '/3' }),
      await press(client, 'acme', { next: '/4' }),
    ];
    const last = await comeBack(client, await throughProvider(acme, four));
    expect(last.headers['location']).toBe('/4');
    const first = await comeBack(client, await throughProvider(acme, three));
    expect(first.headers['location']).toBe('/3');
    expect(await w.whoami(client)).toBe('user:tab2');
  });

  test('C53: of one provider is none of another’s callback', async () => {
    const client = t.client();
    const path = await throughProvider(acme, await press(client, 'acme'));
    await refused(client, path.replace('/login/acme/', '/login/other/'), /not begun in this browser/);
    // It is not used up by that.
    expect((await comeBack(client, path)).status).toBe(303);
  });

  test('C30: of many tabs the newest eight are kept, in headers that every server reads', async () => {
    const client = t.client();
    const paths: string[] = [];
    for (let tab = 0; tab < 10; tab += 1) {
      paths.push(await throughProvider(acme, await press(client, 'acme', { next: `/${'x'.repeat(1_900)}` })));
      t.clock.advance(1_000);
    }
    expect(loginCookies(client).length).toBeLessThanOrEqual(8);
    const header = [...client.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    expect(header.length).toBeLessThan(9_000);
    for (const [name, value] of client.jar) expect(name.length + value.length).toBeLessThan(4_096);
    await refused(client, paths[0]!, /not begun in this browser/);
    expect((await comeBack(client, paths.at(-1)!)).status).toBe(303);
  });

  test('C51: cookies that somebody planted or changed are no transaction, and never a 500', async () => {
    const client = t.client();
    const path = await throughProvider(acme, await press(client, 'acme'));
    const [name = ''] = loginCookies(client);
    const good = client.jar.get(name)!;
    for (const value of [
      '',
      'x',
      '....',
      'a.b.c.d.e',
      `${good}x`,
      good.slice(1),
      'x'.repeat(5_000),
      client.jar.get('portcullis-visitor')!,
    ]) {
      const answer = await t.client().get(path, { cookie: `${name}=${value}`, accept: 'text/html' });
      expect(answer.status).toBe(401);
    }
    // Another login's cookie under this one's name.
    const attacker = t.client();
    await press(attacker, 'acme');
    const theirs = attacker.jar.get(loginCookies(attacker)[0]!)!;
    expect((await t.client().get(path, { cookie: `${name}=${theirs}` })).status).toBe(401);
    expect((await t.client().get(path, { cookie: `${name}=${good}` })).status).toBe(303);
  });
});
