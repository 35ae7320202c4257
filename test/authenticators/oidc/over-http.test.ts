import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operator } from '../../../src/accounts/actor.ts';
import { type Answer, type Client, hiddenField } from '../../http/client.ts';
import { logbook, type Logbook } from '../../http/logbook.ts';
import { comeBack, findSentTo, press, pressLink } from '../../http/redirecting-browser.ts';
import { housings } from '../../system/housings.ts';
import {
  answerOf,
  password,
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
} from '../../system/start-portcullis.ts';
import { type ProviderBrowser, type RealProvider, startRealProvider } from './real-provider.ts';
import { clientId, clientSecret } from './relying-party.ts';

type Person = Record<string, unknown>;

interface How {
  readonly name?: string;
  readonly provider?: RealProvider;
  readonly fields?: Readonly<Record<string, string>>;
}

const USERS = '{ users { edges { node { username } } } }';

describe.each(housings)('people of a certified provider, on %s', (housing) => {
  let site: Site;
  let server: RunningServer;
  let log: Logbook;
  let acme: RealProvider;
  let second: RealProvider;
  /** What Acme says of its people: a test may have it say something else. */
  const people: Record<string, Person> = {};
  for (const name of [
    'ann',
    'ben',
    'cleo',
    'dora',
    'emma',
    'fred',
    'gwen',
    'hugo',
    'ivy',
    'jon',
    'root',
    'kim',
  ]) {
    people[`acme-${name}`] = {
      preferred_username: name,
      name,
      email: `${name}@acme.example`,
      email_verified: true,
      groups: [],
    };
  }

  beforeAll(async () => {
    const registered = (name: string) => ({
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [`http://localhost:4000/login/${name}/callback`],
      post_logout_redirect_uris: ['http://localhost:4000/'],
    });
    acme = await startRealProvider({ clients: [registered('acme')], people });
    second = await startRealProvider({ clients: [registered('second')], people, algorithm: 'ES256' });
    const options = { clientId, clientSecret };
    const groups = { map: { desk: 'support', boss: 'lead' } };
    site = await prepareSite(housing, {
      authenticators: [
        { use: 'password' },
        {
          use: 'oidc',
          name: 'acme',
          options: { ...options, issuer: acme.issuer, label: 'Acme', claims: { groups } },
        },
        { use: 'oidc', name: 'second', options: { ...options, issuer: second.issuer, label: 'Second' } },
      ],
    });
    await appendFile(join(site.policies, 'groups.csv'), '\ng, user:named-by-policy, group:lead\n');
    log = logbook();
    server = await startPortcullis(site, log);
    for (const username of ['ivy', 'jon', 'kim']) {
      await server.accounts.create({ username, password, email: `${username}@acme.example` }, operator);
    }
    // Keys of two providers and a database are made here.
  }, 120_000);

  afterAll(async () => {
    await server.close();
    await site.remove();
    await Promise.all([acme.close(), second.close()]);
  });

  const pathOf = ({ pathname, search }: URL): string => `${pathname}${search}`;

  async function logIn(
    client: Client,
    subject: string,
    { name = 'acme', provider = acme, fields = {} }: How = {},
  ): Promise<Answer> {
    const sentTo = findSentTo(await press(client, name, fields));
    return comeBack(client, pathOf(await provider.browser(subject).follow(sentTo!)));
  }

  const subjectOf = async (client: Client): Promise<unknown> =>
    ((await answerOf(client, '{ viewer { subject } }')).data?.['viewer'] as { subject: unknown }).subject;

  const groupsOf = async (client: Client): Promise<unknown> => {
    const { data } = await answerOf(client, '{ viewer { groups { name } } }');
    return (data?.['viewer'] as { groups: readonly { name: string }[] }).groups
      .map(({ name }) => name)
      .sort();
  };

  test('the login page has a button for each provider', async () => {
    const { text } = await server.client().get('/login');
    for (const label of ['Acme', 'Second']) expect(text).toContain(`Log in with ${label}`);
  });

  test('somebody logs in, gets an account, and comes back to where they wanted to go', async () => {
    const client = server.client();
    const answer = await logIn(client, 'acme-ann', { fields: { next: '/account' } });
    expect([answer.status, answer.headers['location']]).toEqual([303, '/account']);
    expect(await subjectOf(client)).toBe('user:ann');
    const again = server.client();
    await logIn(again, 'acme-ann');
    expect(await subjectOf(again)).toBe('user:ann');
  });

  test('claims become groups, fields become visible, and both go with the claim at the next login', async () => {
    people['acme-ben']!['groups'] = ['desk', 'bowling'];
    const client = server.client();
    await logIn(client, 'acme-ben');
    expect(await groupsOf(client)).toContain('support');
    expect((await answerOf(client, USERS)).codes).toEqual([]);

    people['acme-ben']!['groups'] = ['bowling'];
    const later = server.client();
    await logIn(later, 'acme-ben');
    for (const each of [later, client]) {
      expect(await groupsOf(each)).not.toContain('support');
      expect((await answerOf(each, USERS)).codes).toEqual(['FORBIDDEN']);
    }
  });

  test('a claim that is gone altogether takes its groups along too', async () => {
    people['acme-cleo']!['groups'] = 'boss';
    const client = server.client();
    await logIn(client, 'acme-cleo');
    expect(await groupsOf(client)).toContain('lead');
    delete people['acme-cleo']!['groups'];
    await logIn(client, 'acme-cleo');
    expect(await groupsOf(client)).not.toContain('lead');
  });

  test('a thousand groups in a claim are looked through', async () => {
    people['acme-dora']!['groups'] = [...Array.from({ length: 1_000 }, (_, each) => `team-${each}`), 'desk'];
    const client = server.client();
    expect((await logIn(client, 'acme-dora')).status).toBe(303);
    expect(await groupsOf(client)).toContain('support');
  });

  test('claims of the wrong types give nothing, and stop nobody', async () => {
    Object.assign(people['acme-emma']!, { name: { first: 'Emma' }, email: ['x'], groups: { boss: true } });
    const client = server.client();
    expect((await logIn(client, 'acme-emma')).status).toBe(303);
    expect(await subjectOf(client)).toBe('user:emma');
    expect(await groupsOf(client)).not.toContain('lead');
  });

  test('C54: the same subject and address at another provider is somebody else, who is refused the name', async () => {
    await logIn(server.client(), 'acme-fred');
    const client = server.client();
    const refused = await logIn(client, 'acme-fred', { name: 'second', provider: second });
    expect(refused.status).toBe(401);
    expect(client.jar.has('portcullis')).toBe(false);
  });

  test('C54: nobody gets an existing account by its name or its address', async () => {
    for (const subject of ['acme-ivy', 'acme-jon']) {
      const client = server.client();
      const refused = await logIn(client, subject);
      expect(refused.status).toBe(401);
      expect(refused.text).toMatch(/log in to it/i);
      expect(client.jar.has('portcullis')).toBe(false);
    }
  });

  test('a name that a policy file mentions is given to nobody', async () => {
    const client = server.client();
    people['acme-root']!['preferred_username'] = 'named-by-policy';
    const refused = await logIn(client, 'acme-root');
    expect(refused.status).toBe(401);
    expect(client.jar.has('portcullis')).toBe(false);
  });

  test('somebody links an identity while logged in to both, and it logs them in to that account', async () => {
    const client = await server.loggedIn('kim');
    const sentTo = findSentTo(await pressLink(client, 'acme'));
    const linked = await comeBack(client, pathOf(await acme.browser('acme-kim').follow(sentTo!)));
    expect([linked.status, linked.headers['location']]).toEqual([303, '/account?after=linked']);
    const other = server.client();
    await logIn(other, 'acme-kim');
    expect(await subjectOf(other)).toBe('user:kim');
  });

  test('C51: two tabs of one browser work, whichever comes back first; a code swapped between them does not', async () => {
    const client = server.client();
    const browser: ProviderBrowser = acme.browser('acme-gwen');
    const follow = async (page: Answer): Promise<URL> => browser.follow(findSentTo(page)!);
    const [one, two] = [await press(client, 'acme', { next: '/account' }), await press(client, 'acme')];
    const [backOne, backTwo] = [await follow(one), await follow(two)];
    const swapped = new URL(backOne);
    swapped.searchParams.set('code', backTwo.searchParams.get('code') ?? '');
    expect((await comeBack(client, pathOf(backTwo))).headers['location']).toBe('/');
    expect((await comeBack(client, pathOf(swapped))).status).toBe(401);
    const third = await follow(await press(client, 'acme', { next: '/account' }));
    expect((await comeBack(client, pathOf(third))).headers['location']).toBe('/account');
  });

  test('C51: a callback is good once, and in the browser that began it', async () => {
    const client = server.client();
    const back = pathOf(await acme.browser('acme-hugo').follow(findSentTo(await press(client, 'acme'))!));
    const thief = server.client();
    expect((await comeBack(thief, back)).status).toBe(401);
    expect(thief.jar.has('portcullis')).toBe(false);
    // A thief with a copy of the browser's cookies comes second.
    const copy = server.client();
    for (const [name, value] of client.jar) copy.jar.set(name, value);
    expect((await comeBack(client, back)).status).toBe(303);
    expect((await comeBack(copy, back)).status).toBe(401);
    expect(copy.jar.has('portcullis')).toBe(false);
  });

  test('an answer of one provider is not taken at the address of the other', async () => {
    const client = server.client();
    const back = await acme.browser('acme-hugo').follow(findSentTo(await press(client, 'acme'))!);
    const elsewhere = await comeBack(client, `/login/second/callback${back.search}`);
    expect(elsewhere.status).toBe(401);
    expect(client.jar.has('portcullis')).toBe(false);
  });

  test('somebody who said no there hears that, and may try again', async () => {
    const client = server.client();
    const refused = await logIn(client, '');
    expect(refused.status).toBe(401);
    expect(refused.text).toContain('Acme did not log you in');
    expect((await logIn(client, 'acme-hugo')).status).toBe(303);
  });

  test('logging out here goes on to log out there', async () => {
    const client = server.client();
    await logIn(client, 'acme-hugo');
    const token = hiddenField((await client.get('/')).text, '_csrf');
    const page = await client.form('/logout', { _csrf: token }, { accept: 'text/html' });
    const sentTo = findSentTo(page);
    expect(`${sentTo?.origin ?? ''}${sentTo?.pathname ?? ''}`).toBe(`${acme.issuer}/session/end`);
    expect(sentTo?.searchParams.get('post_logout_redirect_uri')).toBe('http://localhost:4000/');
    expect(sentTo?.searchParams.get('id_token_hint')).toMatch(/^eyJ/);
    expect(await subjectOf(client)).toBe('anonymous');
  });

  test('F12: a login right after the provider took new keys works', async () => {
    await acme.rotate();
    expect((await logIn(server.client(), 'acme-hugo')).status).toBe(303);
  });

  test('C35: no code, state or token of all these logins is in the log', () => {
    const text = log.text();
    expect(text).toContain('login.succeeded');
    expect(text).not.toMatch(/eyJ[\w-]{10,}/);
    expect(text).not.toMatch(/code=|state=/);
  });
});
