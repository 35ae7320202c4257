import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startRealProvider, type RealProvider } from './real-provider.ts';
import {
  clientId,
  clientSecret,
  createRelyingParty,
  queryOf,
  type Finished,
  type RelyingParty,
} from './relying-party.ts';

const callback = (name: string): string => `http://localhost:4000/login/${name}/callback`;

const people = {
  'acme-1': {
    name: 'Ann Archer',
    preferred_username: 'ann.archer',
    email: 'ann@acme.example',
    email_verified: true,
    groups: ['helpdesk', 'bowling'],
    level: 3,
  },
  'acme-2': { name: 'Eve', preferred_username: 'eve', email: 'ann@acme.example', email_verified: true },
};

let provider: RealProvider;
let second: RealProvider;
beforeAll(async () => {
  provider = await startRealProvider({
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [callback('acme'), callback('other')],
        post_logout_redirect_uris: ['http://localhost:4000/'],
      },
      {
        client_id: 'in-the-body',
        client_secret: clientSecret,
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [callback('acme')],
      },
      { client_id: 'public', token_endpoint_auth_method: 'none', redirect_uris: [callback('acme')] },
    ],
    people,
  });
  // The same people, of whom another provider says the same.
  second = await startRealProvider({
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [callback('second')] }],
    people,
    algorithm: 'ES256',
  });
});
afterAll(() => Promise.all([provider.close(), second.close()]));

const at = (
  one: RealProvider,
  options: Readonly<Record<string, unknown>> = {},
  name = 'acme',
): RelyingParty =>
  createRelyingParty({
    options: { issuer: one.issuer, ...options },
    name,
    attributes: { level: 'number', site: 'string' },
  });

async function logIn(party: RelyingParty, browser = provider.browser('acme-1')): Promise<Finished> {
  const { url, session } = await party.start();
  return party.finish(queryOf(await browser.follow(url)), session);
}

describe('at a certified provider', () => {
  test('somebody logs in, and is who the provider says', async () => {
    const finished = await logIn(
      at(provider, {
        claims: {
          groups: { map: { helpdesk: 'support', 'no-such': 'lead' } },
          attributes: { level: 'level', site: 'site' },
        },
      }),
    );
    expect(finished.said).toBe('success');
    expect(finished.identification).toMatchObject({
      kind: 'identity',
      identity: {
        issuer: provider.issuer,
        subject: 'acme-1',
        label: 'ann@acme.example',
        username: 'ann.archer',
        name: 'Ann Archer',
        email: { address: 'ann@acme.example', verified: true },
        groups: ['support'],
        attributes: { level: 3, site: null },
      },
    });
    const { authTime } = finished.identification as { authTime: number };
    expect(Math.abs(authTime - Date.now())).toBeLessThan(10_000);
  });

  test('a client may send its secret in the body, or have none', async () => {
    const inTheBody = at(provider, { clientId: 'in-the-body', clientAuthentication: 'client_secret_post' });
    expect((await logIn(inTheBody)).said).toBe('success');
    const open = at(provider, {
      clientId: 'public',
      clientSecret: undefined,
      clientAuthentication: 'none',
    });
    expect((await logIn(open)).said).toBe('success');
  });

  test('a wrong secret logs nobody in', async () => {
    const { outcome, said } = await logIn(at(provider, { clientSecret: 'another' }));
    expect(outcome.kind).toBe('error');
    expect(said).toMatch(/invalid_client/);
    expect(said).not.toContain('another');
  });

  test('somebody who says no is refused', async () => {
    const { outcome, said } = await logIn(at(provider), provider.browser(''));
    expect(outcome.kind).toBe('error');
    expect(said).toMatch(/access_denied/);
  });

  test('somebody who must prove it again does, and it is fresh', async () => {
    const party = at(provider);
    const browser = provider.browser('acme-1');
    await logIn(party, browser);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const before = Math.floor(Date.now() / 1_000) * 1_000;
    const quick = await logIn(party, browser);
    expect((quick.identification as { authTime: number }).authTime).toBeLessThan(before);
    const { url, session } = await party.start({ reauthenticate: true });
    const again = await party.finish(queryOf(await browser.follow(url)), session);
    expect((again.identification as { authTime: number }).authTime).toBeGreaterThanOrEqual(before);
  });

  test('a signature by ES256 is as good', async () => {
    expect((await logIn(at(second, {}, 'second'), second.browser('acme-1'))).said).toBe('success');
  });
});

describe('C51: a code', () => {
  test('is good for one login', async () => {
    const party = at(provider);
    const { url, session } = await party.start();
    const query = queryOf(await provider.browser('acme-1').follow(url));
    expect((await party.finish(query, session)).said).toBe('success');
    expect((await party.finish(query, session)).said).toMatch(/invalid_grant/);
  });

  test('is good in its own tab, whichever comes back first', async () => {
    const party = at(provider);
    const [first, last] = [await party.start(), await party.start()];
    const browser = provider.browser('acme-1');
    const backLast = queryOf(await browser.follow(last.url));
    const backFirst = queryOf(await browser.follow(first.url));
    expect((await party.finish(backFirst, last.session)).outcome.kind).toBe('error');
    expect((await party.finish(backLast, last.session)).said).toBe('success');
  });
});

test('C52: without its verifier, a code is worth nothing to a provider that wants PKCE', async () => {
  const party = at(provider);
  const { url, session } = await party.start();
  expect(url.searchParams.get('code_challenge_method')).toBe('S256');
  const query = queryOf(await provider.browser('acme-1').follow(url));
  const withoutVerifier = { oidc: { ...(session['oidc'] as object), verifier: undefined } };
  expect((await party.finish(query, withoutVerifier)).outcome.kind).toBe('error');
  // The provider itself refuses what a client without PKCE would send.
  const bare = new URL(url);
  bare.searchParams.delete('code_challenge');
  bare.searchParams.delete('code_challenge_method');
  const refused = await provider.browser('acme-1').follow(bare);
  expect(refused.searchParams.get('error')).toBe('invalid_request');
});

describe('C53: with two providers', () => {
  test('the answer of one is not taken by the other, whichever part of it is swapped', async () => {
    const [first, other] = [at(provider), at(second, {}, 'second')];
    const [one, two] = [await first.start(), await other.start()];
    const fromFirst = queryOf(await provider.browser('acme-1').follow(one.url));
    const fromSecond = queryOf(await second.browser('acme-2').follow(two.url));
    const swapped = [
      [first, fromSecond, one.session],
      [first, fromSecond, two.session],
      [other, fromFirst, two.session],
      [other, fromFirst, one.session],
      [first, { ...fromFirst, iss: second.issuer }, one.session],
      [first, { ...fromFirst, code: fromSecond['code'] ?? '' }, one.session],
      [first, { ...fromSecond, state: fromFirst['state'] ?? '' }, one.session],
      [first, { ...fromSecond, state: fromFirst['state'] ?? '', iss: provider.issuer }, one.session],
    ] as const;
    for (const [party, query, session] of swapped) {
      const { outcome, identification } = await party.finish(query, session);
      expect([outcome.kind, identification.kind]).toEqual(['error', 'none']);
    }
  });

  test('each comes back to an address of its own', async () => {
    const urls = [(await at(provider).start()).url, (await at(second, {}, 'second').start()).url];
    expect(urls.map((url) => url.searchParams.get('redirect_uri'))).toEqual([
      callback('acme'),
      callback('second'),
    ]);
  });

  test('C54: the same sub and the same e-mail at another provider are somebody else', async () => {
    const [here, there] = [
      await logIn(at(provider)),
      await logIn(at(second, {}, 'second'), second.browser('acme-1')),
    ];
    const keyOf = ({ identification }: Finished): readonly unknown[] =>
      identification.kind === 'identity'
        ? [identification.identity.issuer, identification.identity.subject]
        : [];
    expect(keyOf(here)).toEqual([provider.issuer, 'acme-1']);
    expect(keyOf(there)).toEqual([second.issuer, 'acme-1']);
  });
});

test('F12: a login right after the provider took new keys works', async () => {
  const party = at(provider);
  expect((await logIn(party)).said).toBe('success');
  for (let each = 0; each < 3; each += 1) {
    await provider.rotate();
    expect((await logIn(party)).said).toBe('success');
  }
});

describe('the logout there', () => {
  test('is told whose it is, and where to go on', async () => {
    const party = at(provider);
    const { identification } = await logIn(party);
    const hint = (identification as { logoutHint: string }).logoutHint;
    const url = await party.authenticator.redirect?.logoutUrl?.({
      hint,
      returnTo: new URL('http://localhost:4000/'),
    });
    expect(`${url?.origin ?? ''}${url?.pathname ?? ''}`).toBe(`${provider.issuer}/session/end`);
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      id_token_hint: hint,
      client_id: clientId,
      post_logout_redirect_uri: 'http://localhost:4000/',
    });
    const page = await fetch(url ?? '');
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('logout')]);
  });

  test('is nowhere where the provider has none, or is not there, within a second', async () => {
    const logoutUrl = async (issuer: string): Promise<URL | null | undefined> =>
      createRelyingParty({ options: { issuer } }).authenticator.redirect?.logoutUrl?.({
        hint: null,
        returnTo: new URL('http://localhost:4000/'),
      });
    expect(await logoutUrl('http://localhost:9')).toBeNull();
  });
});
