import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Diagnosis } from '../../../src/authenticators/authenticator.ts';
import { createKeyring, type Keyring } from './hostile/forge.ts';
import { startHostileProvider, type HostileProvider, type Lies } from './hostile/hostile-provider.ts';
import { neverAnswers } from './hostile/raw-answers.ts';
import { createRelyingParty } from './relying-party.ts';

let keys: Keyring;
let provider: HostileProvider;
beforeAll(async () => {
  keys = await createKeyring();
});
afterEach(() => provider.close());

async function diagnose(lies: Lies = {}, options: object = {}): Promise<readonly Diagnosis[]> {
  provider = await startHostileProvider(keys, lies);
  const { authenticator } = createRelyingParty({ options: { issuer: provider.issuer, ...options } });
  return (await authenticator.diagnose?.()) ?? [];
}

const bad = (diagnoses: readonly Diagnosis[]): readonly Diagnosis[] => diagnoses.filter(({ ok }) => !ok);

const saying = (changed: object): Lies => ({ metadata: (honest) => ({ ...honest, ...changed }) });

describe('what an operator is told of a provider', () => {
  test('where all is well: what was tried, and nothing to do', async () => {
    const diagnoses = await diagnose();
    expect(diagnoses.map(({ message }) => message)).toEqual([
      `Acme: discovery of ${provider.issuer} answered, and names that issuer.`,
      'Acme: it supports PKCE with S256.',
      'Acme: it takes client_secret_basic.',
      'Acme: it publishes 1 key that signatures can be verified with.',
      'Acme: claims come from the ID token and from userinfo.',
      'Acme: whoever logs out here is sent there to log out too.',
    ]);
    expect(diagnoses.map(({ remedy }) => remedy)).toEqual(diagnoses.map(() => null));
  });

  test.each<[string, Lies, object, RegExp, RegExp]>([
    [
      'PKCE is not mentioned',
      saying({ code_challenge_methods_supported: undefined }),
      {},
      /PKCE/,
      /switch it on/,
    ],
    [
      'only plain PKCE is supported',
      saying({ code_challenge_methods_supported: ['plain'] }),
      {},
      /PKCE/,
      /switch it on/,
    ],
    [
      'the client authenticates in a way that is not listed',
      saying({ token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_post'] }),
      {},
      /client_secret_basic/,
      /private_key_jwt, client_secret_post/,
    ],
    [
      'the client has no secret',
      {},
      { clientSecret: undefined, clientAuthentication: 'none' },
      /does not list none/,
      /client_secret_basic/,
    ],
    ['there are no keys', { keySet: () => ({ keys: [] }) }, {}, /no key/, /jwks_uri/],
    [
      'there are keys for secrets and encryption alone',
      {
        keySet: ({ keys: [own] }) => ({
          keys: [{ kty: 'oct', k: 'AA' }, { ...own, use: 'enc' }, { kty: 'RSA' }],
        }),
      },
      {},
      /no key/,
      /jwks_uri/,
    ],
    ['the keys are none', { keySet: () => '<html>' }, {}, /no key set/, /jwks_uri/],
    [
      'the keys are not found',
      { raw: { keySet: (_request, response) => response.writeHead(404).end() } },
      {},
      /404/,
      /jwks_uri/,
    ],
    ['the keys are inside', saying({ jwks_uri: 'https://10.0.0.1/' }), {}, /an address inside/, /jwks_uri/],
    [
      'it is another issuer',
      saying({ issuer: 'https://other.example' }),
      {},
      /discovery failed/,
      /to the letter/,
    ],
    [
      'an endpoint is not https',
      saying({ token_endpoint: 'http://acme.example' }),
      {},
      /token_endpoint is not https/,
      /well-known/,
    ],
    [
      'no algorithm is taken',
      saying({ id_token_signing_alg_values_supported: ['HS256'] }),
      {},
      /none that is taken/,
      /well-known/,
    ],
  ])('where %s: one thing, with what to do', async (_where, lies, options, message, remedy) => {
    const faults = bad(await diagnose(lies, options));
    expect(faults).toHaveLength(1);
    expect(faults[0]?.message).toMatch(message);
    expect(faults[0]?.remedy).toMatch(remedy);
  });

  test('where it never answers: within 5 seconds', async () => {
    const began = performance.now();
    const faults = bad(await diagnose({ raw: { metadata: neverAnswers } }));
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(faults[0]?.message).toMatch(/discovery failed: .*no answer in time/);
  });

  test('where it has no logout and no userinfo: that this is so, and no fault', async () => {
    const diagnoses = await diagnose(
      saying({ end_session_endpoint: undefined, userinfo_endpoint: undefined }),
    );
    expect(bad(diagnoses)).toEqual([]);
    expect(diagnoses.map(({ message }) => message).join()).toMatch(
      /no userinfo endpoint.*no logout of its own/,
    );
  });
});
