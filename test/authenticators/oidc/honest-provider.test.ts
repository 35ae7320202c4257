import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/core/clock.ts';
import { atHashOf, createKeyring, createPair, sign, type Keyring } from './hostile/forge.ts';
import { claim, claims, header, inSeconds, without } from './hostile/hostile-case.ts';
import { startHostileProvider, type HostileProvider, type Lies } from './hostile/hostile-provider.ts';
import { clientId, createRelyingParty, type Finished } from './relying-party.ts';

let keys: Keyring;
let provider: HostileProvider;
beforeAll(async () => {
  keys = await createKeyring();
});
afterEach(() => provider.close());

interface Ways {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly reauthenticate?: boolean;
  readonly comesBack?: (query: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
}

async function logIn(
  lies: Lies = {},
  { options = {}, reauthenticate = false, comesBack }: Ways = {},
): Promise<Finished> {
  provider = await startHostileProvider(keys, lies);
  const party = createRelyingParty({ options: { issuer: provider.issuer, ...options } });
  const { url, session } = await party.start({ reauthenticate });
  const query = provider.authorize(url);
  return party.finish(comesBack?.(query) ?? query, session);
}

const another = (algorithm: string): Lies => {
  const pair = createPair(algorithm, 'other');
  return {
    metadata: (honest) => ({ ...honest, id_token_signing_alg_values_supported: ['RS256', algorithm] }),
    keySet: async ({ keys: own }) => ({ keys: [...own, { kty: 'unheard-of', kid: 'x' }, (await pair).jwk] }),
    idToken: async ({ claims: of }) => sign((await pair).privateKey, { alg: algorithm, kid: 'other' }, of),
  };
};

describe('somebody logs in', () => {
  const tolerated: [string, Lies, Ways?][] = [
    ['the ID token is over for less than the clocks may differ', claim({ exp: inSeconds(-30) })],
    ['the ID token is valid from a moment that the clocks may differ by', claim({ nbf: inSeconds(30) })],
    ['the provider’s clock is half a minute ahead', claim({ iat: inSeconds(30), auth_time: inSeconds(30) })],
    ['the audience is a list of this client', claim({ aud: [clientId], azp: clientId })],
    [
      'the ID token is for others too, and issued to this client',
      claim({ aud: [clientId, 'api'], azp: clientId }),
    ],
    [
      'at_hash is right',
      claims(({ claims: of, accessToken }) => ({ ...of, at_hash: atHashOf(accessToken) })),
    ],
    ['the header names another key set, which nobody asks', header({ jku: 'https://keys.example.com/' })],
    ['the ID token is signed by ES256', another('ES256')],
    ['the ID token is signed by ES384', another('ES384')],
    ['the ID token is signed by PS256', another('PS256')],
    ['the ID token is signed by EdDSA', another('EdDSA')],
    ['the provider has no userinfo', { metadata: (honest) => ({ ...honest, userinfo_endpoint: undefined }) }],
    [
      'the provider sends no iss with the callback, and says so',
      { metadata: (honest) => ({ ...honest, authorization_response_iss_parameter_supported: undefined }) },
      { comesBack: ({ code = '', state = '' }) => ({ code, state }) },
    ],
    [
      'the provider says more than anybody needs',
      {
        metadata: (honest) => ({
          ...honest,
          mtls_endpoint_aliases: { token_endpoint: 'http://acme' },
          x: [null],
        }),
        tokens: (honest) => ({ ...honest, refresh_token: 'r', scope: 'openid', x: { y: 1 } }),
      },
    ],
  ];
  test.each(tolerated.map(([where, lies, ways = {}]) => [where, lies, ways] as const))(
    'where %s',
    async (_where, lies, ways) => {
      const { outcome, identification, said } = await logIn(lies, ways);
      expect(said).toBe('success');
      expect(outcome.kind).toBe('success');
      expect(identification).toMatchObject({
        kind: 'identity',
        identity: { issuer: provider.issuer, subject: 'acme-1' },
      });
    },
  );

  test('where userinfo is a signed token', async () => {
    const { identification } = await logIn({
      metadata: (honest) => ({ ...honest, userinfo_signing_alg_values_supported: ['RS256'] }),
      raw: {
        userinfo: (_request, response) => {
          const told = { sub: 'acme-1', name: 'Ann in a token', iss: provider.issuer, aud: clientId };
          void sign(keys.own.privateKey, { kid: 'own' }, told).then((token) => {
            response.writeHead(200, { 'content-type': 'application/jwt' });
            response.end(token);
          });
        },
      },
    });
    expect(identification).toMatchObject({ kind: 'identity', identity: { name: 'Ann in a token' } });
  });

  test('and what the ID token says of them stands above what userinfo says', async () => {
    const { identification } = await logIn(claim({ name: 'Ann of the token' }));
    expect(identification).toMatchObject({ identity: { name: 'Ann of the token' } });
  });

  test('and userinfo is not asked where the configuration says so', async () => {
    const { identification } = await logIn({}, { options: { userinfo: false } });
    expect(identification).toMatchObject({ kind: 'identity', identity: { name: null } });
    expect(provider.asked).not.toContain('/userinfo');
  });
});

describe('when it was proved', () => {
  test('is what the provider says', async () => {
    const at = inSeconds(-3_000);
    const { identification } = await logIn(claim({ auth_time: at }));
    expect(identification).toMatchObject({ authTime: at * 1_000 });
  });

  test('is never where the provider does not say', async () => {
    const { identification } = await logIn(without('auth_time'));
    expect(identification).toMatchObject({ kind: 'identity', authTime: null });
  });

  test('is now where the provider does not say and the configuration trusts it', async () => {
    const { identification } = await logIn(without('auth_time'), { options: { freshWithoutAuthTime: true } });
    const { authTime } = identification as { authTime: number };
    expect(Math.abs(authTime - Date.now())).toBeLessThan(5_000);
  });

  test('somebody who had to prove it again and did not is refused', async () => {
    const { outcome, said } = await logIn(claim({ auth_time: inSeconds(-3_000) }), { reauthenticate: true });
    expect(outcome.kind).toBe('error');
    expect(said).toMatch(/prove it again/);
  });

  test('somebody who proved it again is let in', async () => {
    const { identification } = await logIn({}, { reauthenticate: true });
    expect(identification.kind).toBe('identity');
  });
});

test('a login that began on a node whose clock is ahead ends on another one, and is over in time all the same', async () => {
  provider = await startHostileProvider(keys);
  const ahead = (seconds: number) =>
    createRelyingParty({
      options: { issuer: provider.issuer },
      clock: { ...systemClock, now: () => systemClock.now() + seconds * 1_000 },
    });
  for (const [seconds, said] of [
    [30, 'success'],
    [90, 'the transaction is too old, or of the future'],
  ] as const) {
    const { url, session } = await ahead(seconds).start();
    expect((await ahead(0).finish(provider.authorize(url), session)).said).toBe(said);
  }
});

test('the ID token is kept for the logout', async () => {
  let sent = '';
  const { identification } = await logIn({
    idToken: ({ token }) => {
      sent = token;
      return token;
    },
  });
  expect(identification).toMatchObject({ logoutHint: sent });
  expect(sent).not.toBe('');
});

test('what the strategy did not verify itself identifies nobody', async () => {
  const { outcome } = await logIn();
  const { authenticator } = createRelyingParty({ options: { issuer: provider.issuer } });
  const user = outcome.kind === 'success' ? outcome.user : null;
  for (const junk of [
    user,
    { ...(user as object) },
    { issuer: provider.issuer, subject: 'acme-1' },
    null,
    'acme-1',
  ]) {
    expect(await authenticator.identify(junk)).toMatchObject({ kind: 'none' });
  }
});
