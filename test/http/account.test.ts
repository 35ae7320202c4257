import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import {
  plainAuthenticator,
  type PlainProvider,
  startPlainProvider,
} from '../authenticators/plain-provider.ts';
import { type Answer, type Client, hiddenField } from './client.ts';
import { comeBack, findSentTo, logInWith, press, pressLink, throughProvider } from './redirecting-browser.ts';
import { password, startServer, type TestServer } from './start-server.ts';

let t: TestServer;
let acme: PlainProvider;
const down = { issuer: 'http://127.0.0.1:9' };

/** Refuses what it is asked to do before it says where to go. */
const silent = {
  ...plainAuthenticator(down),
  create: (...given: Parameters<ReturnType<typeof plainAuthenticator>['create']>) => ({
    ...plainAuthenticator(down).create(...given),
    strategy: {
      authenticate(this: { error(error: unknown): void }) {
        this.error(new Error('no answer from https://op.example.org'));
      },
    },
  }),
};

beforeAll(async () => {
  acme = await startPlainProvider();
  t = await startServer({
    authenticators: [
      { use: 'password' },
      { use: plainAuthenticator(acme), name: 'acme' },
      { use: silent, name: 'silent' },
    ],
  });
});
afterAll(async () => {
  await t.close();
  await acme.close();
});
let people = 0;
beforeEach(() => {
  people += 1;
  acme.person = { sub: `sub-${people}`, preferred_username: `pat${people}`, name: `Pat <${people}>` };
});

/** Somebody with a password of their own, logged in. */
async function newcomer(name = `new${people}`): Promise<{ client: Client; id: string }> {
  const { id } = await t.accounts.create({ username: name, password }, operator);
  const client = t.client();
  const query = 'mutation ($u: String, $p: String) { login(username: $u, password: $p) }';
  await client.json('/graphql', { query, variables: { u: name, p: password } });
  return { client, id };
}
const link = async (client: Client): Promise<Answer> =>
  comeBack(client, await throughProvider(acme, await pressLink(client, 'acme')));
const identitiesOf = async (id: string) => (await t.store.identities.ofUsers([id])).get(id) ?? [];
const unlink = async (client: Client, identity: string): Promise<Answer> => {
  const token = hiddenField((await client.get('/account')).text, '_csrf');
  return client.form('/account/unlink', { _csrf: token, identity }, { accept: 'text/html' });
};
const heading = ({ text }: Answer): string => /<h1>([^<]*)<\/h1>/.exec(text)?.[1] ?? '';

describe('the account page', () => {
  test('sends whoever is nobody to the login page, and back', async () => {
    for (const path of ['/account']) {
      const answer = await t.client().get(path);
      expect([answer.status, answer.headers['location']]).toEqual([303, '/login?next=%2Faccount']);
    }
    const client = t.client();
    const token = hiddenField((await client.get('/login')).text, '_csrf');
    for (const path of ['/account/identities/acme', '/account/unlink']) {
      const answer = await client.form(path, { _csrf: token });
      expect([answer.status, answer.headers['location']]).toEqual([303, '/login?next=%2Faccount']);
    }
  });

  test('says who somebody is, and how they log in', async () => {
    const { client } = await newcomer();
    const page = await client.get('/account');
    expect(heading(page)).toBe(`new${people}`);
    expect(page.text).toContain(`user:new${people}`);
    expect(page.text).toContain('<span>Password</span>');
    expect(page.text).toContain('Link acme');
    expect(page.text).not.toContain('Unlink');
  });

  test('escapes what a provider calls somebody', async () => {
    const client = t.client();
    await logInWith(client, acme, 'acme');
    const page = await client.get('/account');
    expect(heading(page)).toBe(`Pat &lt;${people}&gt;`);
    expect(page.text).not.toContain('<span>Password</span>');
    expect(page.text).toContain(`acme<small>Pat &lt;${people}&gt;</small>`);
  });
});

describe('linking', () => {
  test('a person links a login while logged in to both, and logs in with either from then on', async () => {
    const { client, id } = await newcomer();
    const session = client.jar.get('portcullis');
    const answer = await link(client);
    expect([answer.status, answer.headers['location']]).toEqual([303, '/account?after=linked']);
    expect(client.jar.get('portcullis')).toBe(session);
    const page = await client.get('/account?after=linked');
    expect(page.text).toContain('Linked. It logs you in');
    expect(await identitiesOf(id)).toMatchObject([{ issuer: acme.issuer, subject: `sub-${people}` }]);
    const elsewhere = t.client();
    await logInWith(elsewhere, acme, 'acme');
    expect((await elsewhere.get('/')).text).toContain(`Hello, new${people}`);
    expect((await t.records()).filter(({ accountId }) => accountId === id).map(({ event }) => event)).toEqual(
      ['account.created', 'login.succeeded', 'identity.linked', 'account.renamed', 'login.succeeded'],
    );
  });

  test('linking the same login again changes nothing', async () => {
    const { client, id } = await newcomer();
    await link(client);
    expect((await link(client)).status).toBe(303);
    expect(await identitiesOf(id)).toHaveLength(1);
  });

  test('a login that is another account’s already is a 409, with a way back to the account page', async () => {
    await logInWith(t.client(), acme, 'acme');
    const { client, id } = await newcomer();
    const answer = await link(client);
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('belongs to another account');
    expect(answer.text).toContain('href="/account"');
    expect(await identitiesOf(id)).toEqual([]);
  });

  test('C54: whoever logged out, or in as somebody else, meanwhile links nothing', async () => {
    const { client, id } = await newcomer();
    const path = await throughProvider(acme, await pressLink(client, 'acme'));
    const token = hiddenField((await client.get('/account')).text, '_csrf');
    await client.form('/logout', { _csrf: token });
    const answer = await comeBack(client, path);
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('nothing was linked');
    expect(client.jar.has('portcullis')).toBe(false);

    const again = await newcomer(`again${people}`);
    const stale = await throughProvider(acme, await pressLink(again.client, 'acme'));
    const query = `mutation { login(username: "ann", password: "${password}") }`;
    await again.client.json('/graphql', { query });
    expect((await comeBack(again.client, stale)).status).toBe(401);
    expect(await identitiesOf(id)).toEqual([]);
    expect(await identitiesOf(again.id)).toEqual([]);
    expect(await t.store.identities.find(acme.issuer, `sub-${people}`)).toBeNull();
  });

  test('C51: a link that was begun in another browser links nothing, whoever is logged in here', async () => {
    const attacker = await newcomer(`attacker${people}`);
    const path = await throughProvider(acme, await pressLink(attacker.client, 'acme'));
    const { client, id } = await newcomer();
    expect((await comeBack(client, path)).status).toBe(401);
    expect(await identitiesOf(id)).toEqual([]);
  });

  test('C51: a login that was begun is no link, and a link no login', async () => {
    const { client, id } = await newcomer();
    const login = await comeBack(client, await throughProvider(acme, await press(client, 'acme')));
    expect(login.headers['location']).toBe('/');
    expect(await identitiesOf(id)).toEqual([]);
    expect((await client.get('/')).text).toContain(`Hello, pat${people}`);
  });

  test('a provider that does not answer is said on the account page, which stays as it is', async () => {
    const { client } = await newcomer();
    const answer = await pressLink(client, 'silent');
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('role="alert"');
    expect(answer.text).toContain('silent does not answer');
    expect(answer.text).not.toContain('op.example.org');
    expect(heading(answer)).toBe(`new${people}`);
  });
});

describe('unlinking', () => {
  test('a person unlinks a login that is not their only one', async () => {
    const { client, id } = await newcomer();
    await link(client);
    const [identity] = await identitiesOf(id);
    const answer = await unlink(client, identity!.id);
    expect([answer.status, answer.headers['location']]).toEqual([303, '/account?after=unlinked']);
    expect((await client.get('/account?after=unlinked')).text).toContain('Unlinked.');
    expect(await identitiesOf(id)).toEqual([]);
  });

  test('the only way to log in can’t be unlinked', async () => {
    const client = t.client();
    await logInWith(client, acme, 'acme');
    const { id } = await t.accounts.byUsername(`pat${people}`);
    const [identity] = await identitiesOf(id);
    const answer = await unlink(client, identity!.id);
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('role="alert"');
    expect(await identitiesOf(id)).toHaveLength(1);
  });

  test('C38: somebody else’s login is not there', async () => {
    await logInWith(t.client(), acme, 'acme');
    const { id } = await t.accounts.byUsername(`pat${people}`);
    const [identity] = await identitiesOf(id);
    const own = await newcomer();
    acme.person = { ...acme.person, sub: `another-${people}` };
    await link(own.client);
    for (const named of [identity!.id, '', 'x', id])
      expect((await unlink(own.client, named)).status).toBe(404);
    expect(await identitiesOf(id)).toHaveLength(1);
    expect(await identitiesOf(own.id)).toHaveLength(1);
  });

  test('a policy that denies the mutation denies the page', async () => {
    const { client, id } = await newcomer();
    await link(client);
    const [identity] = await identitiesOf(id);
    const strict = await t.another({
      authenticators: [{ use: 'password' }, { use: plainAuthenticator(acme), name: 'acme' }],
      change: (needs) => ({
        ...needs,
        policy: {
          ...needs.policy,
          atEpoch: () => t.policyOf(['p, everyone, Mutation.unlinkIdentity, *, deny']),
        },
      }),
    });
    const there = strict.client();
    there.jar.set('portcullis', client.jar.get('portcullis')!);
    expect((await unlink(there, identity!.id)).status).toBe(403);
    expect(await identitiesOf(id)).toHaveLength(1);
    await strict.close();
  });
});

test('a login page whose provider does not answer says so, offers the others, and begins nothing', async () => {
  const client = t.client();
  const answer = await press(client, 'silent', { next: '/account' });
  expect(answer.status).toBe(503);
  expect(answer.text).toContain('silent does not answer. Try again in a moment, or log in another way.');
  expect(answer.text).toContain('Log in with acme');
  expect(answer.text).toContain('name="password"');
  expect(hiddenField(answer.text, '_next')).toBe('/account');
  expect(answer.text).not.toContain('op.example.org');
  expect(findSentTo(answer)).toBeNull();
  expect([...client.jar.keys()].filter((name) => name.includes('-login-'))).toEqual([]);
});
