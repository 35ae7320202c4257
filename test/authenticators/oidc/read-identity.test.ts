import { describe, expect, test } from '@jest/globals';
import { oidcOptions } from '../../../src/authenticators/oidc/options.ts';
import { readIdentity } from '../../../src/authenticators/oidc/read-identity.ts';

const key = { issuer: 'https://acme.example', subject: 'acme-1' };

const declared = { level: 'number', site: 'string', staff: 'boolean', teams: 'strings' } as const;

function read(told: object, claims: object = {}, userinfo: object | null = null) {
  const options = oidcOptions.parse({ issuer: key.issuer, clientId: 'c', clientSecret: 's', claims });
  return readIdentity(key, [userinfo, told], options, declared);
}

describe('who the claims say it is', () => {
  test('is the key and nothing else where they say nothing', () => {
    expect(read({})).toEqual({
      ...key,
      label: 'acme-1',
      username: null,
      name: null,
      email: null,
      groups: null,
      attributes: {},
    });
  });

  test('is found where the configuration says', () => {
    const told = { upn: 'ANN', given: 'Ann', mail: 'ann@acme.example', email_verified: true };
    const claims = { username: 'upn', name: 'given', email: 'mail' };
    expect(read(told, claims)).toMatchObject({
      username: 'ANN',
      name: 'Ann',
      email: { address: 'ann@acme.example', verified: true },
    });
  });

  test.each([1, 'true', null, {}, [true], undefined, false])(
    'C54: an address is not verified by email_verified %p',
    (verified) => {
      expect(read({ email: 'ann@acme.example', email_verified: verified }).email).toEqual({
        address: 'ann@acme.example',
        verified: false,
      });
    },
  );

  test.each([
    [7],
    [null],
    [{ toString: 'ann' }],
    [['ann']],
    [true],
    [''],
    ['   '],
    ['an\0n'],
    ['ann\r\nroot'],
    ['\u001b[31mann'],
    ['ann\ud800'],
    ['a'.repeat(1_001)],
  ])('takes no name, username or address that is %p', (value) => {
    const { username, name, email, label } = read({ preferred_username: value, name: value, email: value });
    expect({ username, name, email, label }).toEqual({
      username: null,
      name: null,
      email: null,
      label: 'acme-1',
    });
  });

  test('is labelled by address, name, username or subject, whichever comes first, at most 200 characters', () => {
    const told = { preferred_username: 'ann', name: '𝒜'.repeat(300), email: 'ann@acme.example' };
    expect(read(told).label).toBe('ann@acme.example');
    expect(Array.from(read({ ...told, email: 1 }).label)).toHaveLength(200);
    expect(read({ ...told, email: 1, name: 1 }).label).toBe('ann');
  });

  test('is not what hides in a prototype', () => {
    const told = JSON.parse('{"__proto__":{"preferred_username":"root","groups":["a"]}}') as object;
    const identity = read(told, { groups: { map: { a: 'lead' } } });
    expect([identity.username, identity.groups]).toEqual([null, []]);
    const names = read({}, { username: 'constructor', name: 'toString', email: '__proto__' });
    expect([names.username, names.name, names.email]).toEqual([null, null, null]);
  });
});

describe('groups', () => {
  const map = { 'acme-desk': 'support', 'acme-boss': 'lead', 'acme-chief': 'lead' };
  const groups = (claim: unknown): readonly string[] | null =>
    read({ groups: claim }, { groups: { map } }).groups;

  test('are those that the configuration maps, each once', () => {
    expect(groups(['acme-desk', 'acme-boss', 'acme-chief', 'bowling', 'support', 'lead'])).toEqual([
      'support',
      'lead',
    ]);
  });

  test('may be one text', () => {
    expect(groups('acme-boss')).toEqual(['lead']);
  });

  test.each([
    [undefined],
    [null],
    [7],
    [true],
    [{ 'acme-boss': true }],
    [{ 0: 'acme-boss', length: 1 }],
    ['acme-boss '],
  ])('are none where the claim is %p', (claim) => {
    expect(groups(claim)).toEqual([]);
  });

  test('come from the texts of a list alone', () => {
    expect(groups([['acme-boss'], { x: 'acme-boss' }, null, 1, 'acme-desk'])).toEqual(['support']);
  });

  test('are found among thousands, the last one too', () => {
    const claim = Array.from({ length: 5_000 }, (_, each) => `g${each}`);
    const began = performance.now();
    expect(groups([...claim, 'acme-boss'])).toEqual(['lead']);
    expect(performance.now() - began).toBeLessThan(200);
  });

  test('are never given by a name of every object', () => {
    expect(groups(['constructor', '__proto__', 'toString'])).toEqual([]);
  });

  test('are none of the claims’ business where the configuration maps none', () => {
    expect(read({ groups: ['acme-boss'] }).groups).toBeNull();
  });
});

describe('attributes', () => {
  const claims = { attributes: { level: 'lvl', site: 'loc', staff: 'is_staff', teams: 'teams' } };

  test('are those that are declared, by their kinds', () => {
    const told = { lvl: 3, loc: 'Basel', is_staff: false, teams: ['a', 'b'], other: 1 };
    expect(read(told, claims).attributes).toEqual({
      level: 3,
      site: 'Basel',
      staff: false,
      teams: ['a', 'b'],
    });
  });

  test('are taken away where the claim is not there', () => {
    expect(read({}, claims).attributes).toEqual({ level: null, site: null, staff: null, teams: null });
  });

  test('are taken away where the claim is of another kind', () => {
    const told = { lvl: '3', loc: 7, is_staff: 'true', teams: ['a', 1] };
    expect(read(told, claims).attributes).toEqual({ level: null, site: null, staff: null, teams: null });
    const odd = { lvl: JSON.parse('1e999') as number, loc: 'a\0', is_staff: 1, teams: 'a' };
    expect(read(odd, claims).attributes).toEqual({ level: null, site: null, staff: null, teams: null });
  });

  test('of too many texts are none', () => {
    expect(read({ teams: Array.from({ length: 1_001 }, String) }, claims).attributes).toMatchObject({
      teams: null,
    });
  });
});

test('what the ID token says stands above what userinfo says; what it does not say is taken from there', () => {
  const identity = read({ name: 'Token' }, {}, { name: 'Userinfo', preferred_username: 'ann' });
  expect([identity.name, identity.username]).toEqual(['Token', 'ann']);
});
