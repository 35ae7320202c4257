import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AuthenticatorDefinition } from '../../src/authenticators/authenticator.ts';
import { operator } from '../../src/accounts/actor.ts';
import { plainAuthenticator, type PlainProvider } from '../authenticators/plain-provider.ts';
import { hiddenField } from './client.ts';
import { comeBack, findSentTo, logInWith, press, throughProvider } from './redirecting-browser.ts';
import {
  loginCookies,
  sessionCookie,
  startWithProviders,
  type WithProviders,
} from './server-with-providers.ts';
import { password, type TestServer } from './start-server.ts';

let w: WithProviders;
let t: TestServer;
let acme: PlainProvider;
let other: PlainProvider;
let newcomer: string;
beforeAll(async () => {
  w = await startWithProviders();
  ({ t, acme, other } = w);
});
afterAll(() => w.close());
beforeEach(() => {
  newcomer = w.newcomer();
});

describe('logging in elsewhere', () => {
  test('a person presses a button, proves who they are there, and comes back logged in to where they wanted to go', async () => {
    acme.person = { sub: 'first', preferred_username: 'frida', name: 'Frida' };
    await w.newRecords();
    const client = t.client();
    const sentOn = await press(client, 'acme', { next: '/graphiql?a=b' });
    expect(sentOn.headers['location']).toBeUndefined();
    expect(sentOn.text).not.toContain('<script');
    expect(sentOn.headers['content-security-policy']).toContain("form-action 'self'");
    expect(sentOn.headers['cache-control']).toBe('no-store');
    expect(sentOn.text).toContain(`<a class="button" href="${acme.issuer}/authorize?`);
    expect(loginCookies(client)).toHaveLength(1);
    const answer = await comeBack(client, await throughProvider(acme, sentOn));
    expect([answer.status, answer.headers['location']]).toEqual([303, '/graphiql?a=b']);
    expect([...client.jar.keys()]).toEqual([sessionCookie]);
    expect(await w.whoami(client)).toBe('user:frida');

    const frida = await t.accounts.byUsername('frida');
    const [made, loggedIn, ...more] = await w.newRecords();
    expect(more).toEqual([]);
    expect(made).toMatchObject({ event: 'account.provisioned', accountId: frida.id, address: '127.0.0.1' });
    expect(loggedIn).toMatchObject({
      event: 'login.succeeded',
      subject: 'user:frida',
      actorId: frida.id,
      accountId: frida.id,
      authenticator: 'acme',
      sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      requestId: expect.any(String) as unknown,
      policyVersion: expect.stringMatching(/^sha256-/) as unknown,
      details: { amr: ['fed'], aal: 1 },
    });
  });

  test('a second login finds the account that the first one made', async () => {
    await logInWith(t.client(), acme, 'acme');
    const client = t.client();
    await logInWith(client, acme, 'acme');
    expect(await w.whoami(client)).toBe(`user:${newcomer}`);
    expect((await w.newRecords()).map(({ event }) => event).slice(-3)).toEqual([
      'account.provisioned',
      'login.succeeded',
      'login.succeeded',
    ]);
  });

  test('C54: the same subject of another provider is somebody else', async () => {
    acme.person = { sub: 'same', preferred_username: 'at-acme' };
    other.person = { sub: 'same', preferred_username: 'at-other' };
    const [one, two] = [t.client(), t.client()];
    await logInWith(one, acme, 'acme');
    await logInWith(two, other, 'other');
    expect([await w.whoami(one), await w.whoami(two)]).toEqual(['user:at-acme', 'user:at-other']);
  });

  test('C24, C25: the session is a new one, the old one is dead, and a visitor’s token is no token of it', async () => {
    const client = await t.loggedIn();
    const old = client.jar.get(sessionCookie)!;
    const oldToken = hiddenField((await client.get('/')).text, '_csrf');
    await logInWith(client, acme, 'acme');
    expect(await w.whoami(client)).toBe(`user:${newcomer}`);
    const thief = t.client();
    thief.jar.set(sessionCookie, old);
    expect(await w.whoami(thief)).toBe('anonymous');
    expect((await client.form('/logout', { _csrf: oldToken })).status).toBe(403);
  });

  test('C46: an account that was suspended is refused at its next login, and nothing of it is updated', async () => {
    await logInWith(t.client(), acme, 'acme');
    const { id } = await t.accounts.byUsername(newcomer);
    await t.accounts.changeStatus(id, 'suspended', operator);
    await w.newRecords();
    acme.person = { ...acme.person, name: 'Another Name' };
    const client = t.client();
    const answer = await logInWith(client, acme, 'acme');
    expect(answer.status).toBe(401);
    expect(client.jar.has(sessionCookie)).toBe(false);
    expect((await t.store.users.find(id))?.name).toBe('Pat');
    expect(await w.newRecords()).toMatchObject([
      {
        event: 'login.failed',
        accountId: id,
        details: { code: 'LOGIN_REFUSED', reason: 'the account is suspended' },
      },
    ]);
  });

  test('somebody whom no account is made for is told what to do', async () => {
    const answer = await logInWith(t.client(), acme, 'closed', { next: '/account' });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('Status 401');
    expect(answer.text).toContain('href="/login?next=%2Faccount"');
  });

  test('a name that is taken is not given away: nobody is logged in, nothing is made', async () => {
    acme.person = { sub: 'impostor', preferred_username: 'ann' };
    const client = t.client();
    const answer = await logInWith(client, acme, 'acme');
    expect(answer.status).toBe(401);
    expect(client.jar.has(sessionCookie)).toBe(false);
    expect(await t.store.identities.find(acme.issuer, 'impostor')).toBeNull();
  });

  test('whoever is logged in is asked to prove it again there, and begins a new session', async () => {
    const client = await t.loggedIn();
    const page = await client.get('/login');
    expect(page.text).toContain('You are logged in as ann');
    expect(page.text.match(/name="_reauthenticate" value="1"/g)).toHaveLength(4);
    expect((await t.client().get('/login')).text).not.toContain('_reauthenticate');
  });
});

describe('a start', () => {
  test('C61: without the form’s token, or from another site, begins nothing', async () => {
    const client = t.client();
    await client.get('/login');
    const before = acme.asked.length;
    for (const [fields, headers] of [
      [{}, {}],
      [{ _csrf: 'wrong' }, {}],
      [
        { _csrf: hiddenField((await client.get('/login')).text, '_csrf') },
        { origin: 'https://evil.example' },
      ],
    ] as const) {
      for (const path of ['/login/acme', '/account/identities/acme', '/account/unlink'])
        expect((await client.form(path, fields, headers)).status).toBe(403);
    }
    expect(loginCookies(client)).toEqual([]);
    expect(acme.asked).toHaveLength(before);
    expect((await client.get('/login/acme')).headers['location']).toBe('/login');
  });

  test.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/..//evil.example',
  ])('C58: leads home, not to %j', async (next) => {
    const answer = await logInWith(t.client(), acme, 'acme', { _next: next });
    expect([answer.status, answer.headers['location']]).toEqual([303, '/']);
  });

  test('leads where the link said, after the round trip', async () => {
    const answer = await logInWith(t.client(), acme, 'acme', { next: '/account?tab=%F0%9F%94%91#ways' });
    expect(answer.headers['location']).toBe('/account?tab=%F0%9F%94%91#ways');
  });

  test('of a target that is too long for the cookie, with what else is kept, leads home', async () => {
    const plain = plainAuthenticator(acme);
    const keeping: AuthenticatorDefinition = {
      ...plain,
      create(options, needs) {
        const made = plain.create(options, needs);
        const strategy = {
          authenticate(this: object, request: { session: Record<string, string> }): void {
            request.session['more'] ??= 'x'.repeat(1_700);
            const copy = Object.create(made.strategy) as typeof made.strategy;
            Object.assign(copy, this).authenticate(request as never);
          },
        };
        return { ...made, strategy };
      },
    };
    const one = await t.another({ authenticators: [{ use: keeping, name: 'acme' }] });
    const answer = await logInWith(one.client(), acme, 'acme', { next: `/${'y'.repeat(1_990)}` });
    expect([answer.status, answer.headers['location']]).toEqual([303, '/']);
    const short = await logInWith(one.client(), acme, 'acme', { next: '/short' });
    expect(short.headers['location']).toBe('/short');
    await one.close();
  });
});

test('C35: no code, state, nonce, session or hint stands in a log, a record or a page', async () => {
  const client = t.client();
  const sentOn = await press(client, 'acme');
  const asked = findSentTo(sentOn)!.searchParams;
  const path = await throughProvider(acme, sentOn);
  await comeBack(client, path.replace(/code=[^&]+/, 'code=a-code-that-is-wrong'));
  await logInWith(client, acme, 'acme');
  const { text } = await client.get('/account');
  const secrets = [
    asked.get('state')!,
    asked.get('nonce')!,
    'a-code-that-is-wrong',
    ...acme.codes.slice(-2),
    client.jar.get(sessionCookie)!,
    'hint-of-',
  ];
  const told = `${t.log.text()}${JSON.stringify(await t.records())}${text}`;
  for (const secret of secrets) expect(told).not.toContain(secret);
});

test('the login page works with a form alone, with providers alone and with both', async () => {
  const both = await t.client().get('/login');
  expect(both.text).toContain('name="password"');
  expect(both.text).toContain('<p class="or">');
  expect(both.text.match(/Log in with (acme|other|down|closed)/g)).toHaveLength(4);
  const formAlone = await t.another({ authenticators: [{ use: 'password' }] });
  const form = await formAlone.client().get('/login');
  expect(form.text).not.toMatch(/class="(or|providers)"/);
  await formAlone.close();
  const providersAlone = await t.another({
    authenticators: [{ use: plainAuthenticator(acme), name: 'acme' }],
  });
  const providers = await providersAlone.client().get('/login');
  expect(providers.text).toContain('Log in with acme');
  expect(providers.text).not.toMatch(/name="password"|class="or"/);
  const client = providersAlone.client();
  const token = hiddenField(providers.text, '_csrf');
  expect(token).not.toBe('');
  const posted = await providersAlone.client().form('/login', { _csrf: token, username: 'ann', password });
  expect(posted.status).toBe(403);
  await logInWith(client, acme, 'acme');
  expect(await w.whoami(client)).toBe(`user:${newcomer}`);
  await providersAlone.close();
});

test('C29: over https every cookie of a login is __Host-, Secure, HttpOnly, SameSite=Lax, Path=/', async () => {
  const secure = await t.another({
    settings: { publicUrl: new URL('https://login.example.com') },
    authenticators: [{ use: plainAuthenticator(acme), name: 'acme' }],
  });
  const client = secure.client();
  const sentOn = await press(client, 'acme');
  const callback = await throughProvider(acme, sentOn);
  expect(acme.asked.at(-1)?.get('redirect_uri')).toBe('https://login.example.com/login/acme/callback');
  const answer = await comeBack(client, callback);
  expect(answer.status).toBe(303);
  const lines = [...sentOn.setCookies, ...answer.setCookies];
  expect(lines.filter((line) => line.startsWith('__Host-portcullis-login-'))).toHaveLength(2);
  for (const line of lines)
    expect(line).toMatch(
      /^__Host-portcullis(-login-[0-9a-f]{16}|-visitor)?=[^;]*; path=\/;.*samesite=lax; secure; httponly$/i,
    );
  await secure.close();
});
