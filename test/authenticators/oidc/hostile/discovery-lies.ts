import type { HostileCase } from './hostile-case.ts';
import type { Lies } from './hostile-provider.ts';

const says = (changed: Readonly<Record<string, unknown>>): Lies => ({
  metadata: (honest) => ({ ...honest, ...changed }),
});

/** C56: whose metadata it is, and where it leads. */
export const discoveryLies: readonly HostileCase[] = (
  [
    ['is of another issuer', { issuer: 'https://accounts.example.com' }, 'unproved', /issuer/],
    ['has no issuer', { issuer: undefined }, 'unproved', /"issuer"/],
    ['has an object for an issuer', { issuer: { href: 'http://localhost' } }, 'unproved', /"issuer"/],
    ['has an issuer that is no address', { issuer: 'Acme' }, 'unproved', /Invalid URL/],
    ['has no token endpoint', { token_endpoint: undefined }, 'unreachable', /token_endpoint/],
    ['has no keys', { jwks_uri: undefined }, 'unreachable', /jwks_uri/],
    ['has a number for an endpoint', { authorization_endpoint: 7 }, 'unreachable', /authorization_endpoint/],
    [
      'sends browsers to a script',
      { authorization_endpoint: 'javascript:alert(1)' },
      'unreachable',
      /not https/,
    ],
    [
      'sends browsers elsewhere over http',
      { authorization_endpoint: 'http://acme.example/' },
      'unreachable',
      /not https/,
    ],
    ['has a file for a token endpoint', { token_endpoint: 'file:///etc/passwd' }, 'unreachable', /not https/],
    [
      'has a token endpoint over http',
      { token_endpoint: 'http://acme.example/token' },
      'unreachable',
      /not https/,
    ],
    [
      'has a name and a password in an endpoint',
      { token_endpoint: 'https://a:b@acme.example/' },
      'unreachable',
      /password/,
    ],
    ['has an endpoint that is no address', { userinfo_endpoint: '//acme' }, 'unreachable', /is no address/],
    ['logs out by a script', { end_session_endpoint: 'data:text/html,x' }, 'unreachable', /not https/],
    [
      'signs by secrets alone',
      { id_token_signing_alg_values_supported: ['HS256', 'none'] },
      'unreachable',
      /none that is taken/,
    ],
    [
      'lists no algorithms but a text',
      { id_token_signing_alg_values_supported: 'RS256' },
      'unreachable',
      /id_token_signing/,
    ],
    [
      'says "yes" where true or false belongs',
      { authorization_response_iss_parameter_supported: 'yes' },
      'unreachable',
      /iss_parameter/,
    ],
  ] as const
).map(([name, changed, as, text]): HostileCase => ({
  name: `the metadata ${name}`,
  lies: says(changed),
  endsAt: 'start',
  as,
  says: text,
}));

/** C57: endpoints inside, of an issuer that is not there. Here the issuer is this machine, and they are not. */
export const insideLies: readonly HostileCase[] = (
  [
    ['the cloud’s metadata', 'https://169.254.169.254/latest/meta-data/'],
    ['a private address', 'https://10.0.0.1/token'],
    ['a private address in another spelling', 'https://0x0a000001/token'],
    ['a private address as a number', 'https://167772161/token'],
    ['a private address within IPv6', 'https://[::ffff:10.0.0.1]/token'],
    ['a unique local address', 'https://[fd00::1]/token'],
    ['a link-local address', 'https://[fe80::1]/token'],
    ['a carrier’s address', 'https://100.64.0.1/token'],
  ] as const
).flatMap(([what, address]): HostileCase[] => [
  {
    name: `the token endpoint is ${what}`,
    lies: says({ token_endpoint: address }),
    as: 'unreachable',
    says: /an address inside/,
  },
  {
    name: `the key set is ${what}`,
    lies: says({ jwks_uri: address }),
    as: 'unreachable',
    says: /an address inside/,
  },
]);
