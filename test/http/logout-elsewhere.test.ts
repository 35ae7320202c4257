import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PlainProvider } from '../authenticators/plain-provider.ts';
import { hiddenField } from './client.ts';
import { findSentTo, logInWith } from './redirecting-browser.ts';
import { sessionCookie, startWithProviders, type WithProviders } from './server-with-providers.ts';
import type { TestServer } from './start-server.ts';

let w: WithProviders;
let t: TestServer;
let acme: PlainProvider;
let newcomer: string;
beforeAll(async () => {
  w = await startWithProviders();
  ({ t, acme } = w);
});
afterAll(() => w.close());
beforeEach(() => {
  newcomer = w.newcomer();
});

describe('logging out', () => {
  test('a person who came from elsewhere is logged out here first, and sent on to be logged out there', async () => {
    const client = t.client();
    await logInWith(client, acme, 'acme');
    const session = client.jar.get(sessionCookie)!;
    await w.newRecords();
    const token = hiddenField((await client.get('/')).text, '_csrf');
    const answer = await client.form('/logout', { _csrf: token });
    const sentTo = findSentTo(answer)!;
    expect(answer.status).toBe(200);
    expect(sentTo.origin + sentTo.pathname).toBe(`${acme.issuer}/end`);
    expect(Object.fromEntries(sentTo.searchParams)).toEqual({
      id_token_hint: `hint-of-sub-of-${newcomer}`,
      post_logout_redirect_uri: 'http://localhost:4000/',
    });
    expect(client.jar.size).toBe(0);
    client.jar.set(sessionCookie, session);
    expect(await w.whoami(client)).toBe('anonymous');
    expect(await w.newRecords()).toMatchObject([
      { event: 'logout.succeeded', subject: `user:${newcomer}`, authenticator: 'acme' },
    ]);
  });

  test('GraphQL says where a logout goes on', async () => {
    const client = t.client();
    await logInWith(client, acme, 'acme');
    const answer = await client.json('/graphql', { query: 'mutation { logout }' });
    expect(answer.text).toContain(`${acme.issuer}/end?`);
    expect(await w.whoami(client)).toBe('anonymous');
  });

  test('a person who typed a password goes home', async () => {
    const client = await t.loggedIn();
    const token = hiddenField((await client.get('/')).text, '_csrf');
    expect((await client.form('/logout', { _csrf: token })).headers['location']).toBe('/');
  });
});
