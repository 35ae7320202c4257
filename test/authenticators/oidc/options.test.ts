import { describe, expect, test } from '@jest/globals';
import { oidc } from '../../../src/authenticators/oidc/index.ts';
import { oidcOptions } from '../../../src/authenticators/oidc/options.ts';
import { findAuthenticatorFaults } from '../../../src/authenticators/authenticator-faults.ts';
import { loadAuthenticators } from '../../../src/authenticators/registry.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import { Secret } from '../../../src/core/secret.ts';
import { createRelyingParty } from './relying-party.ts';

const least = {
  issuer: 'https://login.acme.example',
  clientId: 'portcullis',
  clientSecret: 'what the provider gave',
};
const faultsOf = (options: object): readonly string[] =>
  oidcOptions.safeParse(options).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ??
  [];

describe('the options of a provider', () => {
  test('are three at least', () => {
    expect(oidcOptions.parse(least)).toEqual({
      ...least,
      clientSecret: expect.any(Secret),
      clientAuthentication: 'client_secret_basic',
      scopes: ['openid', 'profile', 'email'],
      provision: true,
      proves: { amr: [], aal: 1 },
      claims: { username: 'preferred_username', name: 'name', email: 'email', attributes: {} },
      userinfo: true,
      freshWithoutAuthTime: false,
      trustedHosts: [],
    });
    expect(faultsOf({}).map((fault) => fault.split(':')[0])).toEqual(['issuer', 'clientId']);
  });

  test.each([
    ['http://login.acme.example', /Write https/],
    ['http://localhost.acme.example', /Write https/],
    ['login.acme.example', /Write the address/],
    ['ftp://login.acme.example', /Write the address/],
    ['https://login.acme.example/?tenant=a', /no query/],
    ['https://login.acme.example/#a', /no query/],
    ['https://ann:secret@login.acme.example', /no name or password/],
    ['https://login.acme.example/.well-known/openid-configuration', /without \/\.well-known/],
    [`https://login.acme.example/${'a'.repeat(500)}`, /500 characters/],
    [7, /Write the address/],
  ])('refuse the issuer %p', (issuer, says) => {
    expect(faultsOf({ ...least, issuer }).join()).toMatch(says);
  });

  test.each([
    ['https://login.acme.example/realms/one/'],
    ['http://localhost:4400'],
    ['http://127.0.0.1:4400'],
    ['http://[::1]:4400/op'],
    ['http://acme.localhost'],
  ])('take the issuer %p as it is written', (issuer) => {
    expect(oidcOptions.parse({ ...least, issuer }).issuer).toBe(issuer);
  });

  test('take a secret as text or as Secret, and print neither', () => {
    const { clientSecret } = oidcOptions.parse({ ...least, clientSecret: 'hidden' });
    expect(clientSecret?.reveal()).toBe('hidden');
    expect(JSON.stringify({ clientSecret })).not.toContain('hidden');
    expect(oidcOptions.parse({ ...least, clientSecret: new Secret('hidden') }).clientSecret?.reveal()).toBe(
      'hidden',
    );
  });

  test('say all their faults at once, and what to do', () => {
    const faults = faultsOf({
      ...least,
      clientSecret: '',
      scopes: ['a b'],
      proves: { aal: 4 },
      claims: { groups: { map: { desk: 'group:support' } }, attributes: { 'Bad-Name': 'x' } },
      trustedHosts: ['https://idp'],
      surprise: true,
    });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(
      expect.arrayContaining([
        'clientSecret',
        'scopes.0',
        'proves.aal',
        'claims.groups.map.desk',
        'trustedHosts.0',
      ]),
    );
    expect(faults.join()).toMatch(/surprise/);
    expect(faults.join()).toMatch(/without "group:"/);
  });

  test('want a secret for whoever authenticates by it, and none for whoever does not', () => {
    const without = { issuer: least.issuer, clientId: least.clientId };
    expect(faultsOf(without).join()).toMatch(/clientSecret.*clientAuthentication to none/);
    expect(faultsOf({ ...least, clientSecret: undefined }).join()).toMatch(/clientSecret/);
    expect(faultsOf({ ...without, clientAuthentication: 'client_secret_post' }).join()).toMatch(
      /clientSecret/,
    );
    expect(faultsOf({ ...without, clientAuthentication: 'none' })).toEqual([]);
    expect(faultsOf({ ...least, clientAuthentication: 'none', clientSecret: 'x' }).join()).toMatch(
      /take the secret away/,
    );
    expect(faultsOf({ ...least, clientAuthentication: 'private_key_jwt' }).join()).toMatch(
      /client_secret_basic/,
    );
  });

  test('name attributes that are declared', () => {
    const make = () =>
      createRelyingParty({ options: { ...least, claims: { attributes: { level: 'l', site: 's' } } } });
    expect(make).toThrow(/level is not declared.*\n.*site is not declared/);
  });
});

test('the authenticator has every member of the contract, and a label by its host', () => {
  const { authenticator } = createRelyingParty({ options: { ...least, label: undefined } });
  expect(findAuthenticatorFaults(authenticator, 'acme')).toEqual([]);
  expect(authenticator.redirect?.label).toBe('login.acme.example');
});

test('several providers are enabled from the configuration alone', async () => {
  const enabled = await loadAuthenticators(
    [
      { use: 'oidc', name: 'acme', options: least },
      { use: 'oidc', name: 'beta', options: { ...least, issuer: 'https://beta.example', label: 'Beta' } },
    ],
    {
      accounts: { verifyPassword: () => Promise.resolve(null), findByUsername: () => Promise.resolve(null) },
      importModule: () => Promise.reject(new Error('nothing to import')),
      publicUrl: new URL('https://app.example'),
      attributes: {},
      clock: systemClock,
      log: silentLog,
    },
  );
  expect([...enabled.values()].map(({ name, redirect }) => [name, redirect?.label])).toEqual([
    ['acme', 'login.acme.example'],
    ['beta', 'Beta'],
  ]);
  expect(oidc.name).toBe('oidc');
});
