import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PlainProvider } from '../authenticators/plain-provider.ts';
import { hiddenField } from './client.ts';
import { comeBack, findSentTo, press, throughProvider } from './redirecting-browser.ts';
import { loginCookies, startWithProviders, type WithProviders } from './server-with-providers.ts';
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

describe('a callback', () => {
  test.each([
    ['access_denied', 401, /acme did not log you in/],
    ['login_required', 401, /acme did not log you in/],
    ['server_error', 503, /acme does not answer/],
    ['temporarily_unavailable', 503, /acme does not answer/],
    ['constructor', 401, /acme did not log you in/],
  ])('with the error %s is a page of ours with status %i', async (error, status, says) => {
    await w.newRecords();
    const client = t.client();
    const sentOn = await press(client, 'acme', { next: '/account' });
    const state = findSentTo(sentOn)!.searchParams.get('state')!;
    const description = `<b>call +1 555</b>\r\nSet-Cookie: a=b \u001b[31m ${state} ${'x'.repeat(5_000)}`;
    const query = new URLSearchParams({ error, error_description: description, state });
    const answer = await comeBack(client, `/login/acme/callback?${query.toString()}`);
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(says);
    expect(answer.text).toContain('href="/login?next=%2Faccount"');
    expect(answer.text).not.toContain('555');
    expect(loginCookies(client)).toEqual([]);
    const records = await w.newRecords();
    expect(records).toHaveLength(1);
    const { reason } = records[0]!.details as { reason: string };
    expect(reason).toContain(`acme refused: ${error}, <b>call +1 555</b>\\r\\nSet-Cookie`);
    expect(reason.length).toBeLessThanOrEqual(300);
    expect(reason).not.toContain(state);
    // eslint-disable-next-line no-control-regex -- that none is in it is what is tested
    expect(reason).not.toMatch(/[\u0000-\u001f]/);
  });

  test('that comes again, by the back button or a bookmark, tells whoever is logged in that they are', async () => {
    const client = t.client();
    const path = await throughProvider(acme, await press(client, 'acme'));
    expect((await comeBack(client, path)).status).toBe(303);
    const session = client.jar.get('portcullis');
    const answer = await comeBack(client, path);
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('You are logged in as before.');
    expect(answer.text).not.toMatch(/Not logged in|Begin again/);
    expect(client.jar.get('portcullis')).toBe(session);
  });

  test.each([
    ['nothing', ''],
    ['?', '?'],
    ['?error=access_denied', '?error=access_denied'],
    ['?error=server_error&error_description=x&state=y', '?error=server_error&error_description=x&state=y'],
    ['?code=x', '?code=x'],
    ['?code=x&state=', '?code=x&state='],
    ['?state=x', '?state=x'],
    ['?code=x&state=%00%ff', '?code=x&state=%00%ff'],
    ['a code of 9,000 characters', `?code=${'x'.repeat(9_000)}&state=y`],
    ['?error=&state=&code=&iss=', '?error=&state=&code=&iss='],
  ])('that nobody began is a 401, whatever it says: %s', async (_, search) => {
    await w.newRecords();
    const client = t.client();
    const answer = await comeBack(client, `/login/acme/callback${search}`);
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('not begun in this browser');
    expect(answer.setCookies).toEqual([]);
    expect(await w.newRecords()).toMatchObject([{ event: 'login.failed', authenticator: 'acme' }]);
    const program = await client.get(`/login/acme/callback${search}`, { accept: 'application/json' });
    expect(JSON.parse(program.text)).toMatchObject({ error: { code: 'LOGIN_REFUSED' } });
  });

  test.each(['code', 'state', 'error', 'iss', 'anything'])(
    'with %s twice is a 400, and changes nothing',
    async (name) => {
      const client = t.client();
      const path = await throughProvider(acme, await press(client, 'acme'));
      const answer = await comeBack(client, `${path}&${name}=1&${name}=2`);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('href="/login"');
      expect((await comeBack(client, path)).status).toBe(303);
    },
  );

  test('is not used up by somebody who only looks at its address', async () => {
    const client = t.client();
    const path = await throughProvider(acme, await press(client, 'acme'));
    expect((await client.send(path, { method: 'HEAD' })).status).toBe(405);
    expect((await comeBack(client, path)).status).toBe(303);
  });

  test('of a provider that does not answer is refused, and says so in the record alone', async () => {
    await w.newRecords();
    const client = t.client();
    const state = findSentTo(await press(client, 'down'))!.searchParams.get('state')!;
    const answer = await comeBack(
      client,
      `/login/down/callback?code=abcdefgh&state=${encodeURIComponent(state)}`,
    );
    expect(answer.status).toBe(401);
    expect(await w.newRecords()).toMatchObject([
      { event: 'login.failed', details: { reason: 'down failed: Failed to obtain access token' } },
    ]);
  });

  test.each(['constructor', '__proto__', 'session', 'password', 'toString', 'nobody', 'ACME', 'acme%2F', ''])(
    'or a start of the name %j, which no redirecting authenticator has, is a 404',
    async (name) => {
      const client = t.client();
      const token = hiddenField((await client.get('/login')).text, '_csrf');
      expect((await client.get(`/login/${name}/callback?code=x&state=y`)).status).toBe(404);
      expect((await client.form(`/login/${name}`, { _csrf: token })).status).toBe(404);
      expect((await client.form(`/account/identities/${name}`, { _csrf: token })).status).toBe(404);
    },
  );

  test('is taken with GET alone, and its address leads nobody to a page with a code in it', async () => {
    const client = t.client();
    const path = await throughProvider(acme, await press(client, 'acme'));
    const token = hiddenField((await client.get('/login')).text, '_csrf');
    expect((await client.form(path, { _csrf: token })).status).toBe(405);
    const answer = await comeBack(client, path);
    expect(answer.headers['location']).not.toContain('code');
    expect(answer.headers['referrer-policy']).toBe('strict-origin');
    expect(answer.headers['cache-control']).toBe('no-store');
  });
});
