import { createSign, generateKeyPairSync } from 'node:crypto';
import { createPair, hashed, sign, textOf, unsigned } from './forge.ts';
import { claim, claims, header, inSeconds, without, type HostileCase } from './hostile-case.ts';
import { clientId, clientSecret } from '../relying-party.ts';

const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const weakJwk = { ...weak.publicKey.export({ format: 'jwk' }), kid: 'weak', use: 'sig' };

/** C49: whose signature it is. */
export const signatureLies: readonly HostileCase[] = [
  {
    name: 'the ID token says alg none and has no signature',
    lies: { idToken: ({ header: own, claims: of }) => unsigned({ ...own, alg: 'none' }, of) },
    as: 'unproved',
    says: /unexpected JWT "alg"/,
  },
  {
    name: 'the ID token says alg None in other letters',
    lies: { idToken: ({ header: own, claims: of }) => unsigned({ ...own, alg: 'nOnE' }, of) },
    as: 'unproved',
    says: /unexpected JWT "alg"/,
  },
  {
    name: 'the provider lists none among its algorithms, and uses it',
    lies: {
      metadata: (honest) => ({ ...honest, id_token_signing_alg_values_supported: ['none', 'RS256'] }),
      idToken: ({ header: own, claims: of }) => unsigned({ ...own, alg: 'none' }, of),
    },
    as: 'unproved',
    says: /unexpected JWT "alg"/,
  },
  {
    name: 'the ID token says RS256 and has an empty signature',
    lies: { idToken: ({ header: own, claims: of }) => unsigned(own, of) },
    as: 'unproved',
    says: /signature verification failed/,
  },
  {
    name: 'one bit of the signature is another',
    lies: {
      idToken: ({ token }) => {
        const signature = Buffer.from(token.split('.')[2] ?? '', 'base64url');
        signature[7] = (signature[7] ?? 0) ^ 1;
        return `${token.replace(/\.[^.]*$/, '')}.${signature.toString('base64url')}`;
      },
    },
    as: 'unproved',
    says: /signature verification failed/,
  },
  {
    name: 'the claims are changed under the signature',
    lies: {
      idToken: ({ token, claims: of }) => {
        const [head = '', , signature = ''] = token.split('.');
        return `${head}.${Buffer.from(JSON.stringify({ ...of, sub: 'root' })).toString('base64url')}.${signature}`;
      },
    },
    as: 'unproved',
    says: /signature verification failed/,
  },
  {
    name: 'somebody else signed it, under the name of the provider’s key',
    lies: { idToken: ({ header: own, claims: of, keys }) => sign(keys.foreign.privateKey, own, of) },
    as: 'unproved',
    says: /signature verification failed/,
  },
  {
    name: 'somebody else signed it and brings the key along (jwk)',
    lies: {
      idToken: ({ header: own, claims: of, keys }) =>
        sign(keys.foreign.privateKey, { ...own, jwk: keys.foreign.jwk }, of),
    },
    as: 'unproved',
    says: /signature verification failed/,
  },
  {
    name: 'somebody else signed it and says where the key is (jku)',
    lies: {
      idToken: ({ header: own, claims: of, keys }) =>
        sign(keys.foreign.privateKey, { ...own, kid: 'theirs', jku: `${String(of['iss'])}/evil-keys` }, of),
    },
    as: 'unproved',
    says: /no applicable keys/,
    neverAsked: ['/evil-keys'],
  },
  {
    name: 'somebody else signed it and says where the certificate is (x5u)',
    lies: {
      idToken: ({ header: own, claims: of, keys }) =>
        sign(keys.foreign.privateKey, { ...own, x5u: `${String(of['iss'])}/evil-cert`, x5c: ['AAAA'] }, of),
    },
    as: 'unproved',
    says: /signature verification failed/,
    neverAsked: ['/evil-cert'],
  },
  {
    name: 'it is HS256 with the provider’s public key as the secret',
    lies: { idToken: ({ header: own, claims: of, keys }) => hashed(keys.own.pem, own, of) },
    as: 'unproved',
    says: /unexpected JWT "alg"/,
  },
  {
    name: 'it is HS256 with the client’s secret, and the provider lists HS256',
    lies: {
      metadata: (honest) => ({ ...honest, id_token_signing_alg_values_supported: ['HS256', 'RS256'] }),
      idToken: ({ header: own, claims: of }) => hashed(clientSecret, own, of),
    },
    as: 'unproved',
    says: /unexpected JWT "alg"/,
  },
  {
    name: 'it is HS256 with a secret that the provider publishes',
    lies: {
      metadata: (honest) => ({ ...honest, id_token_signing_alg_values_supported: ['HS256', 'RS256'] }),
      keySet: () => ({ keys: [{ kty: 'oct', k: 'cHVibGlzaGVk', kid: 'own', alg: 'HS256' }] }),
      idToken: ({ header: own, claims: of }) => hashed('published', own, of),
    },
    as: 'unproved',
    says: /unexpected JWT "alg"/,
  },
  {
    name: 'its kid is of no key',
    lies: header({ kid: 'nobody' }),
    as: 'unproved',
    says: /no applicable keys/,
  },
  {
    name: 'its kid is a path',
    lies: header({ kid: '../../keys' }),
    as: 'unproved',
    says: /no applicable keys/,
  },
  {
    name: 'its kid is an object',
    lies: {
      idToken: ({ claims: of, keys }) => unsignedWith(keys.own.privateKey, { kid: { own: true } }, of),
    },
    as: 'unproved',
    says: /no applicable keys/,
  },
  {
    name: 'its header has a critical parameter that nobody knows (crit)',
    lies: header({ crit: ['acme-must'], 'acme-must': true }),
    as: 'unproved',
    says: /crit/,
  },
  {
    name: 'the key that signed it is for encryption',
    lies: {
      keySet: ({ keys: [own] }) => ({ keys: [{ ...own, use: 'enc' }] }),
    },
    as: 'unproved',
    says: /no applicable keys/,
  },
  {
    name: 'the key that signed it is for another algorithm',
    lies: {
      keySet: ({ keys: [own] }) => ({ keys: [{ ...own, alg: 'PS512' }] }),
    },
    as: 'unproved',
    says: /no applicable keys/,
  },
  {
    name: 'the key that signed it has 1,024 bits',
    lies: {
      keySet: () => ({ keys: [weakJwk] }),
      idToken: ({ claims: of }) => {
        const text = unsigned({ alg: 'RS256', kid: 'weak' }, of).slice(0, -1);
        return `${text}.${createSign('sha256').update(text).sign(weak.privateKey, 'base64url')}`;
      },
    },
    as: 'unproved',
    says: /modulusLength/,
  },
  {
    name: 'it names no key, and several would do',
    lies: {
      keySet: ({ keys: [own] }, { foreign }) => ({ keys: [own, { ...foreign.jwk, kid: 'second' }] }),
      idToken: ({ claims: of, keys }) => sign(keys.own.privateKey, { kid: undefined }, of),
    },
    as: 'unproved',
    says: /multiple applicable keys/,
  },
  {
    name: 'it is signed by an algorithm that the provider does not list',
    lies: {
      keySet: async () => ({ keys: [(await es256).jwk] }),
      idToken: async ({ claims: of }) => sign((await es256).privateKey, { alg: 'ES256', kid: 'es' }, of),
    },
    as: 'unproved',
    says: /unexpected JWT "alg"/,
  },
  {
    name: 'its signature is another one’s: that of a token for another login',
    lies: {
      idToken: async ({ header: own, claims: of, keys }) => {
        const other = await sign(keys.own.privateKey, own, { ...of, nonce: 'another' });
        return `${unsigned(own, of).slice(0, -1)}.${other.split('.')[2] ?? ''}`;
      },
    },
    as: 'unproved',
    says: /signature verification failed/,
  },
];

const es256 = createPair('ES256', 'es');

/** Signed with a header that jose would not write. */
async function unsignedWith(
  key: Parameters<typeof sign>[0],
  extra: Readonly<Record<string, unknown>>,
  of: Readonly<Record<string, unknown>>,
): Promise<string> {
  const text = unsigned({ alg: 'RS256', ...extra }, of).slice(0, -1);
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, Buffer.from(text));
  return `${text}.${Buffer.from(signature).toString('base64url')}`;
}

/** C50: who says it, to whom, and when. */
export const claimLies: readonly HostileCase[] = [
  ...(
    [
      ['iss is another provider’s', claim({ iss: 'https://accounts.example.com' }), /"iss"/],
      [
        'iss has a slash more',
        claims(({ claims: of }) => ({ ...of, iss: `${String(of['iss'])}/` })),
        /"iss"/,
      ],
      ['iss is an object', claim({ iss: { toString: 'x' } }), /"iss"/],
      ['iss is missing', without('iss'), /"iss"/],
      ['aud is another client', claim({ aud: 'somebody-else' }), /"aud"/],
      ['aud is a list without this client', claim({ aud: ['one', 'two'] }), /"aud"/],
      ['aud is an empty list', claim({ aud: [] }), /"aud"/],
      ['aud is an object', claim({ aud: { [clientId]: true } }), /"aud"/],
      ['aud begins like this client', claim({ aud: `${clientId}-test` }), /"aud"/],
      ['aud is missing', without('aud'), /"aud"/],
      [
        'aud lists others too, and nobody says whom it was issued to',
        claim({ aud: [clientId, 'other'] }),
        /"aud"/,
      ],
      ['azp is another client', claim({ azp: 'other' }), /azp is this client/],
      ['azp is another client of several', claim({ aud: [clientId, 'other'], azp: 'other' }), /"azp"/],
      ['azp is an object', claim({ azp: { [clientId]: true } }), /azp is this client/],
      ['exp is over for more than the clocks may differ', claim({ exp: inSeconds(-70) }), /"exp"/],
      ['exp is zero', claim({ exp: 0 }), /"exp"/],
      ['exp is a text', claim({ exp: 'never' }), /"exp"/],
      ['exp is a number as text', claim({ exp: String(inSeconds(300)) }), /"exp"/],
      ['exp is an object', claim({ exp: { valueOf: inSeconds(300) } }), /"exp"/],
      ['exp is a list', claim({ exp: [inSeconds(300)] }), /"exp"/],
      ['exp is null', claim({ exp: null }), /"exp"/],
      ['exp is missing', without('exp'), /"exp"/],
      [
        'exp is infinite',
        claims(({ claims: of }) => textOf({ ...of, exp: 777 }).replace('777', '1e999')),
        /exp and iat are moments/,
      ],
      ['nbf is to come', claim({ nbf: inSeconds(3_600) }), /"nbf"/],
      ['nbf is a text', claim({ nbf: 'now' }), /"nbf"/],
      ['iat is to come', claim({ iat: inSeconds(3_600) }), /iat is neither/],
      ['iat is before the login began', claim({ iat: inSeconds(-600) }), /iat is neither/],
      ['iat is a text', claim({ iat: 'now' }), /"iat"/],
      ['iat is missing', without('iat'), /"iat"/],
      ['auth_time is to come', claim({ auth_time: inSeconds(3_600) }), /auth_time is not to come/],
      ['auth_time is a text', claim({ auth_time: 'now' }), /auth_time/],
      ['auth_time is negative', claim({ auth_time: -5 }), /auth_time/],
      ['nonce is another one', claim({ nonce: 'n-0S6_WzA2Mj-n-0S6_WzA2Mj' }), /"nonce"/],
      ['nonce is empty', claim({ nonce: '' }), /"nonce"/],
      [
        'nonce is a list of the right one',
        claims(({ claims: of }) => ({ ...of, nonce: [of['nonce']] })),
        /"nonce"/,
      ],
      ['nonce is missing', without('nonce'), /"nonce"/],
      ['at_hash is of another access token', claim({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }), /at_hash/],
      ['at_hash is empty', claim({ at_hash: '' }), /at_hash/],
      ['at_hash is an object', claim({ at_hash: {} }), /at_hash/],
      ['sub is an object', claim({ sub: { id: 'acme-1' } }), /"sub"/],
      ['sub is a list', claim({ sub: ['acme-1'] }), /"sub"/],
      ['sub is null', claim({ sub: null }), /"sub"/],
      ['sub is a number', claim({ sub: 1 }), /"sub"/],
      ['sub is empty', claim({ sub: '' }), /sub is 1 to 255/],
      ['sub is missing', without('sub'), /"sub"/],
      ['sub has 256 characters', claim({ sub: 'a'.repeat(256) }), /sub is 1 to 255/],
      ['sub has a NUL', claim({ sub: 'acme-1\0' }), /sub is 1 to 255/],
      ['sub has half a character', claim({ sub: 'acme-1\ud800' }), /sub is 1 to 255/],
      [
        'sub hides in __proto__',
        claims(({ claims: of }) =>
          JSON.stringify({ ...of, sub: undefined, x: 1 }).replace('"x":1', '"__proto__":{"sub":"root"}'),
        ),
        /"sub"/,
      ],
    ] as const
  ).map(([name, lies, says]): HostileCase => ({ name, lies, as: 'unproved', says })),
];

/** What is no token at all. */
export const shapeLies: readonly HostileCase[] = (
  [
    ['has one part', 'eyJhbGciOiJSUzI1NiJ9', /Invalid JWT/],
    ['has two parts', 'eyJhbGciOiJSUzI1NiJ9.e30', /Invalid JWT/],
    ['has four parts', 'eyJhbGciOiJSUzI1NiJ9.e30.AA.AA', /Invalid JWT/],
    [
      'has five parts: it is encrypted',
      'eyJhbGciOiJSUzI1NiJ9.AA.AA.AA.AA',
      /JWE decryption is not configured/,
    ],
    ['is dots', '..', /failed to parse JWT Header/],
    ['is empty', '', /"id_token"/],
    ['is null', null, /"id_token"/],
    ['is a number', 7, /"id_token"/],
    ['is a list', [['eyJhbGciOiJSUzI1NiJ9', 'e30', '']], /"id_token"/],
    ['is an object', { sub: 'acme-1' }, /"id_token"/],
    ['is no base64', '%%%.%%%.%%%', /failed to parse JWT Header/],
    ['is a text', 'Somebody logged in, believe me.', /Invalid JWT|failed to parse/],
  ] as const
).map(([name, token, says]): HostileCase => ({
  name: `the ID token ${name}`,
  lies: { tokens: (honest) => ({ ...honest, id_token: token }) },
  as: 'unproved',
  says,
}));

const payloads = [
  ['null', 'null', /top level object/],
  ['a list', '[]', /top level object/],
  ['a text', '"acme-1"', /top level object/],
  ['HTML', '<p>acme-1</p>', /failed to parse JWT Payload/],
  ['empty', '', /failed to parse JWT Payload/],
  ['a hundred thousand lists in each other', '['.repeat(100_000), /failed to parse JWT Payload/],
] as const;

export const payloadLies: readonly HostileCase[] = payloads.map(([what, payload, says]) => ({
  name: `the ID token’s claims are ${what}`,
  lies: claims(() => payload),
  as: 'unproved',
  says,
}));
