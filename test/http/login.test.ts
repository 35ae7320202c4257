import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import { hiddenField } from './client.ts';
import { password, startServer, type TestServer } from './start-server.ts';

const whoami = { query: '{ whoami }' };

let t: TestServer;
beforeAll(async () => {
  t = await startServer();
});
afterAll(() => t.close());

describe('logging in and out', () => {
  const logIn = async (client = t.client(), fields: Record<string, string> = {}, path = '/login') => {
    const page = await client.get(path);
    const hidden = { _csrf: hiddenField(page.text, '_csrf'), _next: hiddenField(page.text, '_next') };
    const answer = await client.form('/login', { ...hidden, username: 'ann', password, ...fields });
    return { client, answer };
  };

  test('a person logs in with the form, is who they say, and logs out', async () => {
    const { client, answer } = await logIn();
    expect([answer.status, answer.headers['location']]).toEqual([303, '/']);
    expect([...client.jar.keys()]).toEqual(['portcullis']);
    const home = await client.get('/');
    expect(home.text).toContain('Hello, ann');
    expect(home.text).toContain('user:ann');
    expect(JSON.parse((await client.json('/graphql', whoami)).text)).toEqual({
      data: { whoami: 'user:ann' },
    });
    const out = await client.form('/logout', { _csrf: hiddenField(home.text, '_csrf') });
    expect([out.status, out.headers['location']]).toEqual([303, '/']);
    expect(client.jar.size).toBe(0);
    expect((await client.get('/')).text).toContain('You are not logged in');
  });

  test('a person logs in and out by GraphQL, and the rest of the operation speaks of them', async () => {
    const client = t.client();
    const query = `mutation { login(username: "ann", password: "${password}") }`;
    expect(JSON.parse((await client.json('/graphql', { query })).text)).toEqual({
      data: { login: 'user:ann' },
    });
    expect(JSON.parse((await client.json('/graphql', whoami)).text)).toEqual({
      data: { whoami: 'user:ann' },
    });
    const out = await client.json('/graphql', { query: 'mutation { logout }' });
    expect(JSON.parse(out.text)).toEqual({ data: { logout: 'anonymous' } });
    expect(client.jar.size).toBe(0);
  });

  test('a wrong password is a 401 with the form, the typed name and a said error, and no session', async () => {
    const { client, answer } = await logIn(t.client(), { username: '"><b>Ann', password: 'wrong password' });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('value="&quot;&gt;&lt;b&gt;Ann"');
    expect(answer.text).not.toContain('wrong password"');
    expect(answer.text).toMatch(/<div class="error" id="form-error" role="alert" tabindex="-1" autofocus>/);
    expect(answer.text.match(/aria-describedby="form-error"/g)).toHaveLength(2);
    expect(answer.text).toContain('<title>Error: Log in');
    expect(client.jar.has('portcullis')).toBe(false);
  });

  test('a page that was open for too long is refused with a way to open it again', async () => {
    const client = t.client();
    const page = await client.get('/login');
    t.clock.advance(3_601_000);
    const fields = { _csrf: hiddenField(page.text, '_csrf'), username: 'ann', password };
    const answer = await client.form('/login', fields, { accept: 'text/html' });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('href="/login"');
    expect(client.jar.has('portcullis')).toBe(false);
  });

  test('logging in leads where the link said, if that is a page of ours', async () => {
    const { answer } = await logIn(t.client(), {}, '/login?next=/graphiql%3Fa%3Db');
    expect(answer.headers['location']).toBe('/graphiql?a=b');
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
      const page = await logIn(t.client(), {}, `/login?next=${encodeURIComponent(next)}`);
      expect(page.answer.headers['location']).toBe('/');
      const forged = await logIn(t.client(), { _next: next });
      expect(forged.answer.headers['location']).toBe('/');
    }
  });

  test('C24: logging in again ends the session before', async () => {
    const { client } = await logIn();
    const old = client.jar.get('portcullis')!;
    await logIn(client);
    expect(client.jar.get('portcullis')).not.toBe(old);
    const thief = t.client();
    thief.jar.set('portcullis', old);
    expect(JSON.parse((await thief.json('/graphql', whoami)).text)).toEqual({
      data: { whoami: 'anonymous' },
    });
  });

  test('C25: the token of a visitor is no token of the session that follows', async () => {
    const client = t.client();
    const visitor = hiddenField((await client.get('/login')).text, '_csrf');
    await logIn(client);
    const answer = await client.form('/logout', { _csrf: visitor });
    expect(answer.status).toBe(403);
    expect((await client.get('/')).text).toContain('Hello, ann');
  });

  test('C26: a suspended person is nobody at the next request', async () => {
    await t.accounts.create({ username: 'bob', password }, operator);
    const { client } = await logIn(t.client(), { username: 'bob' });
    expect((await client.get('/')).text).toContain('Hello, bob');
    const bob = await t.accounts.byUsername('bob');
    await t.accounts.changeStatus(bob.id, 'suspended', operator);
    expect((await client.get('/')).text).toContain('You are not logged in');
  });

  test('somebody whose session has ended logs out without a complaint', async () => {
    const answer = await t.client().form('/logout', { _csrf: 'of a session that has ended' });
    expect(answer.status).toBe(303);
  });

  test('nobody is logged out by a link', async () => {
    const client = await t.loggedIn();
    const linked = await client.get('/logout');
    expect([linked.status, linked.headers['allow']]).toEqual([405, 'POST']);
    expect(linked.text).toContain('METHOD_NOT_ALLOWED');
    expect((await client.get('/')).text).toContain('Hello, ann');
  });

  test('C11: credentials in the query string log nobody in', async () => {
    const client = t.client();
    const page = await client.get(`/login?username=ann&password=${encodeURIComponent(password)}`);
    expect(page.text).not.toContain(password);
    const fields = { _csrf: hiddenField(page.text, '_csrf') };
    const answer = await client.form(`/login?username=ann&password=${encodeURIComponent(password)}`, fields);
    expect(answer.status).toBe(400);
    expect(client.jar.has('portcullis')).toBe(false);
  });
});

test('too many attempts are a 429 with Retry-After, and the form', async () => {
  // Past the window in which the failures of the tests before still count.
  t.clock.advance(3_600_000);
  const one = await t.another({ attempts: 3 });
  const client = one.client();
  const token = hiddenField((await client.get('/login')).text, '_csrf');
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const answer = await client.form('/login', {
      _csrf: token,
      username: 'ann',
      password: 'wrong wrong wrong',
    });
    statuses.push(answer.status);
    if (answer.status === 429) {
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(answer.text).toContain('role="alert"');
    }
  }
  expect(statuses).toEqual([401, 401, 401, 429]);
  await one.close();
});

test('an authenticator that was taken out of the configuration takes its sessions along', async () => {
  let enabled = new Set(['password']);
  const one = await t.another({
    change: (needs) => ({
      ...needs,
      authenticators: { has: (name: string) => enabled.has(name) } as Set<string>,
    }),
  });
  const client = await one.loggedIn();
  const id = client.jar.get('portcullis')!;
  expect((await client.get('/')).text).toContain('Hello, ann');
  enabled = new Set(['other']);
  expect((await client.get('/')).text).toContain('You are not logged in');
  enabled = new Set(['password']);
  client.jar.set('portcullis', id);
  expect((await client.get('/')).text).toContain('You are not logged in');
  await one.close();
});
