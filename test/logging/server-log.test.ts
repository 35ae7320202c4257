import { describe, expect, test } from '@jest/globals';
import { newToken } from '../../src/core/ids.ts';
import { Secret } from '../../src/core/secret.ts';
import { createServerLog } from '../../src/server-log.ts';

const seeded = 'seeded-secret-7f3a9c';

function openLog(settings: Partial<Parameters<typeof createServerLog>[0]> = {}) {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const log = createServerLog({ mode: 'production', logLevel: 'debug', ...settings }, { write });
  return { log, lines, text: () => lines.join(''), first: () => JSON.parse(lines[0] ?? '') as object };
}

describe("the server's log", () => {
  test.each(['err', 'error', 'failure'])(
    'C35: prints of an error logged as "%s" no member that may hold a secret (pino prints all of them)',
    (name) => {
      const { log, lines, text } = openLog();
      const packet = Buffer.from(`Cookie: portcullis=${seeded}`);
      const failure = Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID', rawPacket: packet });
      const cause = Object.assign(new Error('duplicate key'), { parameters: [seeded], detail: seeded });
      log.error({ [name]: Object.assign(new Error('failed', { cause }), { query: seeded }) }, 'It failed.');
      log.warn({ [name]: failure }, 'It was cut.');
      expect(text()).not.toContain(seeded);
      expect(text()).not.toContain([...packet.subarray(0, 8)].join(','));
      expect(JSON.parse(lines[0]!)).toMatchObject({
        [name]: { type: 'Error', message: 'failed', cause: { message: 'duplicate key' } },
        msg: 'It failed.',
      });
      expect(JSON.parse(lines[1]!)).toMatchObject({ [name]: { code: 'HPE_INVALID' } });
    },
  );

  test.each(['err', 'error'])('C35: shows nothing of what was thrown as "%s" and is no error', (name) => {
    const { log, text } = openLog();
    log.warn({ [name]: seeded }, 'Somebody threw a string.');
    log.warn({ [name]: { message: seeded } }, 'Somebody threw an object.');
    expect(text()).not.toContain(seeded);
  });

  test.each([
    { password: seeded },
    { request: { cookie: seeded, token: seeded } },
    { request: { headers: { 'set-cookie': [seeded], Authorization: seeded, 'X-Api-Key': seeded } } },
    { list: [{ deep: [{ client_secret: seeded }] }] },
    { answer: { id_token: seeded, accessToken: seeded, codeVerifier: seeded } },
    { map: new Map([['passphrase', seeded]]) },
    { set: new Set([{ credentials: { name: seeded } }]) },
    { toJSON: undefined, own: { toJSON: () => ({ _csrf: seeded }) } },
    { value: new Secret(seeded), values: [new Secret(seeded)], inner: { a: { b: new Secret(seeded) } } },
    { passwords: [seeded], tokens: { a: seeded } },
    { bytes: Buffer.from(seeded), view: new Uint8Array(Buffer.from(seeded)) },
  ])('C35: hides what is secret by its name or its kind, at any depth: %#', (fields) => {
    const { log, text } = openLog();
    log.info(fields, 'Something.');
    expect(text()).not.toContain(seeded);
    expect(text()).not.toContain([...Buffer.from(seeded).subarray(0, 4)].join(','));
    expect(text()).toMatch(/\[secret\]|bytes\]/);
  });

  const token = newToken();
  const jwt = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(seeded).toString('base64url')}.c2lnbmF0dXJl`;
  test.each([
    ['a password in an address', `connect postgres://ann:${seeded}@db.example.com/x`, seeded],
    ['a bearer token', `Authorization: Bearer ${seeded}`, seeded],
    ['basic credentials', `proxy said: basic ${Buffer.from(seeded).toString('base64')}`, 'c2VlZGVk'],
    ['a JSON Web Token', `bad token ${jwt}`, jwt.split('.')[1]!],
    ['a code in an address', `GET /cb?code=${seeded}&state=${seeded} failed`, seeded],
    ['a token in an address', `https://op.example.com/end?id_token_hint=${seeded}`, seeded],
    ['a hash', `bad hash $argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$${token}`, 'c2FsdHNhbHQ'],
    ['an id or token of ours', `no session ${token}`, token],
  ])('C35: takes out of messages, however deep, what looks like %s', (_name, said, secret) => {
    const { log, text } = openLog();
    log.error({ err: new Error('failed', { cause: new Error(said) }), list: [{ note: said }] }, said);
    expect(text()).not.toContain(secret);
    expect(text()).toContain('[secret]');
    expect(text()).toContain(said.slice(0, 4));
  });

  test('C35: takes every secret of the settings out of whatever is said', () => {
    const secrets = ['the first secret, long enough, 1', 'p@ss/word', 'redis-hunter2', 'client-7f3a9c-X'];
    const { log, text } = openLog({
      secrets: [new Secret(secrets[0]!)],
      databaseUrl: new Secret(`postgres://ann:${encodeURIComponent(secrets[1]!)}@db/x`),
      redisUrl: new Secret(`redis://:${secrets[2]!}@cache`),
      authenticators: [{ use: 'oidc', options: { clientSecret: secrets[3], clientId: 'portcullis' } }],
    });
    for (const secret of [...secrets, encodeURIComponent(secrets[1]!)]) {
      log.error({ note: `it said ${secret}!`, err: new Error(`bad ${secret}`), [secret]: 1 }, secret);
      expect(text()).not.toContain(secret);
    }
    expect(text()).toContain('it said [secret]!');
  });

  test('says what is no secret as it is', () => {
    const { log, first } = openLog({
      authenticators: [{ use: 'oidc', options: { tokenAuth: 'client_basic' } }],
    });
    const fields = {
      event: 'account.password-set',
      requestId: '019a2f3c-7d1e-7abc-8def-0123456789ab',
      policyVersion: 'sha256-0123456789abcdef',
      path: '/login/acme/callback',
      rules: ['groups.csv:14', 'grant 7f3a by user:root on 2026-11-20'],
      coordinate: 'Mutation.grantPermission',
      condition: "!fresh(r.ctx, '5m')",
      auth: 'client_basic',
      name: 'Zoë Ångström 山田',
      durationMs: 12,
      none: null,
      url: new URL('https://login.example.com/account'),
      at: new Date(0),
    };
    log.info(fields, 'A password was set.');
    expect(first()).toMatchObject({
      ...fields,
      url: 'https://login.example.com/account',
      at: '1970-01-01T00:00:00.000Z',
      msg: 'A password was set.',
    });
  });

  test('survives whatever is logged: circles, depths, lengths, getters and proxies that throw', () => {
    const circle: Record<string, unknown> = { name: 'circle' };
    circle['self'] = circle;
    let deep: object = {};
    for (let depth = 0; depth < 10_000; depth += 1) deep = { deep };
    const { log, lines } = openLog();
    const fields: readonly object[] = [
      circle,
      deep,
      { long: 'x'.repeat(1_000_000), list: Array.from({ length: 100_000 }, () => 'y') },
      Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index])),
      { inner: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index])) },
      Object.defineProperty({}, 'bad', { enumerable: true, get: () => fail() }),
      { inner: new Proxy({}, { ownKeys: () => fail() }) },
      { inner: { toJSON: () => fail() }, big: 10n, f: () => 1, s: Symbol('s'), date: new Date(NaN) },
    ];
    for (const each of fields) log.info(each, 'Something.');
    expect(lines).toHaveLength(fields.length);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ msg: 'Something.' });
      expect(line.length).toBeLessThan(20_000);
    }
  });
});

const fail = (): never => {
  throw new Error('never');
};
