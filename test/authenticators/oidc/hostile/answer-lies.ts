import type { HostileCase } from './hostile-case.ts';
import type { Lies, Place } from './hostile-provider.ts';
import {
  answersCompressed,
  answersHtml,
  answersStatus,
  answersStatus999,
  answersTooMuch,
  breaksOff,
  hangsUp,
  hasHugeHeaders,
  neverAnswers,
  redirectsTo,
  speaksNoHttp,
  switchesProtocols,
  trickles,
} from './raw-answers.ts';

const called: Readonly<Record<Place, string>> = {
  metadata: 'discovery',
  keySet: 'the key set',
  token: 'the token endpoint',
  userinfo: 'userinfo',
};

const places = Object.keys(called) as readonly Place[];

const at = (place: Place): Pick<HostileCase, 'endsAt'> => (place === 'metadata' ? { endsAt: 'start' } : {});

/** C57: what is no answer, wherever one is awaited. */
export const brokenAnswers: readonly HostileCase[] = (
  [
    ['never answers', neverAnswers, /no answer in time/],
    ['sends a byte now and then, for ever', trickles, /no answer in time/],
    ['answers with 100 MB', answersTooMuch, /more than 1000000 bytes/],
    ['answers with what unpacks to many megabytes', answersCompressed, /compressed/],
    ['breaks off in the middle of its answer', breaksOff, /broke off|aborted|closed/],
    ['hangs up', hangsUp, /closed|hang up|ECONNRESET/],
    ['speaks no HTTP', speaksNoHttp, /Parse Error/],
    ['switches to another protocol', switchesProtocols, /closed without an answer|hang up|ECONNRESET/],
    ['answers with the status 999', answersStatus999, /status 999/],
    ['answers 500', answersStatus(500), /status code: 500/],
    ['has a megabyte of headers', hasHugeHeaders, /Header|overflow/i],
  ] as const
).flatMap(([does, raw, says]) =>
  places.map((place) => ({
    name: `${called[place]} ${does}`,
    lies: { raw: { [place]: raw } },
    as: 'unreachable' as const,
    says,
    ...at(place),
  })),
);

/** C57: answers that are none of those that the protocol has. No redirect is followed. */
export const wrongAnswers: readonly HostileCase[] = (
  [
    ['answers with HTML', answersHtml, /content-type/],
    ['redirects to an honest answer', redirectsTo('/honest'), /status code: \d{3}/],
    ['answers 204', answersStatus(204), /status code: \d{3}/],
    ['answers 404', answersStatus(404), /status code: \d{3}/],
  ] as const
).flatMap(([does, raw, says]) =>
  places.map((place) => ({
    name: `${called[place]} ${does}`,
    lies: { raw: { [place]: raw } },
    as: 'unproved' as const,
    says,
    neverAsked: ['/honest'],
    ...at(place),
  })),
);

const deep = `{"keys":${'['.repeat(400_000)}`;

/** JSON that is not what it should be. */
export const wrongJson: readonly HostileCase[] = (
  [
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"{}"'],
    ['nothing', ''],
    ['cut off', '{"access_token":"x"'],
    ['hundreds of thousands of lists in each other', deep],
    ['an object without what is needed', '{}'],
    ['an object whose __proto__ has it all', '{"__proto__":{"sub":"acme-1","access_token":"x","keys":[]}}'],
  ] as const
).flatMap(([what, text]) => [
  ...places.map((place) => ({
    name: `${called[place]} answers ${what}`,
    lies: {
      ...(place === 'metadata' ? { metadata: () => text } : {}),
      ...(place === 'keySet' ? { keySet: () => text } : {}),
      ...(place === 'token' ? { tokens: () => text } : {}),
      ...(place === 'userinfo' ? { userinfo: () => text } : {}),
    },
    as: 'unproved' as const,
    says: /top level object|as JSON|property|must be/,
    ...at(place),
  })),
]);

const tokens = (changed: Readonly<Record<string, unknown>>): Lies => ({
  tokens: (honest) => ({ ...honest, ...changed }),
});

export const tokenAnswerLies: readonly HostileCase[] = [
  {
    name: 'there is no ID token',
    lies: tokens({ id_token: undefined }),
    as: 'unproved',
    says: /"id_token"/,
  },
  {
    name: 'there is no access token',
    lies: tokens({ access_token: undefined }),
    as: 'unproved',
    says: /"access_token"/,
  },
  {
    name: 'the access token is an object',
    lies: tokens({ access_token: {} }),
    as: 'unproved',
    says: /"access_token"/,
  },
  {
    name: 'the access token is of an unknown type',
    lies: tokens({ token_type: 'mac' }),
    as: 'unproved',
    says: /token_type/,
  },
  {
    name: 'the tokens expire in an object of seconds',
    lies: tokens({ expires_in: {} }),
    as: 'unproved',
    says: /"expires_in"/,
  },
  {
    name: 'the token endpoint refuses the code, with control characters in its words',
    lies: {
      raw: { token: answersStatus(400, { error: 'invalid_grant', error_description: 'a\r\nb\u001b[31m' }) },
    },
    as: 'unproved',
    says: /^the provider says invalid_grant, a\\[^\p{Cc}]+b\\[^\p{Cc}]+\[31m$/u,
  },
  {
    name: 'the token endpoint says that it has trouble',
    lies: { raw: { token: answersStatus(400, { error: 'temporarily_unavailable' }) } },
    as: 'unreachable',
    says: /temporarily_unavailable/,
  },
];

const userinfo = (answer: unknown): Lies => ({ userinfo: () => answer });

/** C55 (OpenID Connect Core 1.0, section 5.3.2). */
export const userinfoLies: readonly HostileCase[] = [
  {
    name: 'userinfo is of somebody else',
    lies: userinfo({ sub: 'acme-2', preferred_username: 'root' }),
    as: 'unproved',
    says: /unexpected "response" body "sub"/,
  },
  {
    name: 'userinfo is of nobody',
    lies: userinfo({ preferred_username: 'root' }),
    as: 'unproved',
    says: /"sub" property/,
  },
  {
    name: 'userinfo has the sub in other letters',
    lies: userinfo({ sub: 'ACME-1' }),
    as: 'unproved',
    says: /unexpected "response" body "sub"/,
  },
  {
    name: 'userinfo has the sub in a list',
    lies: userinfo({ sub: ['acme-1'] }),
    as: 'unproved',
    says: /"sub" property/,
  },
  {
    name: 'userinfo is a token that is not signed',
    lies: {
      raw: {
        userinfo: (_request, response) => {
          response.writeHead(200, { 'content-type': 'application/jwt' });
          response.end(`${Buffer.from('{"alg":"none"}').toString('base64url')}.eyJzdWIiOiJhY21lLTEifQ.`);
        },
      },
    },
    as: 'unproved',
    says: /unexpected JWT "alg"/,
  },
];

const keySet = (answer: unknown): Lies => ({ keySet: () => answer });

export const keySetLies: readonly HostileCase[] = [
  { name: 'the keys are an object', lies: keySet({ keys: {} }), as: 'unproved', says: /"keys" property/ },
  { name: 'the keys are nulls', lies: keySet({ keys: [null] }), as: 'unproved', says: /"keys" property/ },
  { name: 'there are no keys', lies: keySet({ keys: [] }), as: 'unproved', says: /no applicable keys/ },
  {
    name: 'the key is none',
    lies: keySet({ keys: [{ kty: 'RSA', kid: 'own', n: 'AQAB', e: '!' }] }),
    as: 'unproved',
    says: /./,
  },
];
