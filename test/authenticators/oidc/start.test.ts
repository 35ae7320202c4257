import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { challengeOf, createKeyring } from './hostile/forge.ts';
import { startHostileProvider, type HostileProvider } from './hostile/hostile-provider.ts';
import { clientId, createRelyingParty, type Session } from './relying-party.ts';

let provider: HostileProvider;
beforeAll(async () => {
  provider = await startHostileProvider(await createKeyring());
});
afterAll(() => provider.close());

interface Kept {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}
const keptIn = (session: Session): Kept => session['oidc'] as Kept;

const party = (options: Readonly<Record<string, unknown>> = {}) =>
  createRelyingParty({ options: { issuer: provider.issuer, ...options } });

describe('the start of a login', () => {
  test('C51, C52: sends the browser with a state, a nonce and a PKCE challenge by S256, and keeps what answers them', async () => {
    const { url, session } = await party().start();
    const { state, nonce, verifier } = keptIn(session);
    expect(`${url.origin}${url.pathname}`).toBe(`${provider.issuer}/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: 'http://localhost:4000/login/acme/callback',
      scope: 'openid profile email',
      state,
      nonce,
      code_challenge: challengeOf(verifier),
      code_challenge_method: 'S256',
      max_age: '31536000',
    });
    // 256 bits each.
    for (const each of [state, nonce, verifier]) expect(each).toMatch(/^[\w-]{43}$/);
  });

  test('C51: two tabs share nothing', async () => {
    const one = party();
    const [first, second] = await Promise.all([one.start(), one.start()]);
    const values = [first, second].flatMap(({ session }) => {
      const { state, nonce, verifier } = keptIn(session);
      return [state, nonce, verifier];
    });
    expect(new Set(values).size).toBe(6);
  });

  test('keeps what fits into a cookie', async () => {
    const { session } = await party().start();
    expect(JSON.stringify(session).length).toBeLessThan(500);
  });

  test('asks for the configured scopes, openid once', async () => {
    const { url } = await party({ scopes: ['groups', 'openid'] }).start();
    expect(url.searchParams.get('scope')).toBe('openid groups');
    expect((await party({ scopes: [] }).start()).url.searchParams.get('scope')).toBe('openid');
  });

  test('has somebody prove it again where that is asked for', async () => {
    const { url } = await party().start({ reauthenticate: true });
    expect([url.searchParams.get('prompt'), url.searchParams.get('max_age')]).toEqual(['login', '0']);
  });

  test('never sends the code verifier or the client’s secret through the browser', async () => {
    const { url, session } = await party().start();
    expect(url.href).not.toContain(keptIn(session).verifier);
    expect(url.href).not.toContain('secret');
  });

  test('keeps the query of the provider’s own address, and overrides what it may not say', async () => {
    provider.lie({
      metadata: (honest) => ({
        ...honest,
        authorization_endpoint: `${provider.issuer}/authorize?tenant=a%20b&state=fixed&redirect_uri=https://evil.example/`,
      }),
    });
    const { url, session } = await party().start();
    provider.lie({});
    expect(url.searchParams.get('tenant')).toBe('a b');
    expect(url.searchParams.getAll('state')).toEqual([keptIn(session).state]);
    expect(url.searchParams.getAll('redirect_uri')).toEqual(['http://localhost:4000/login/acme/callback']);
  });
});
