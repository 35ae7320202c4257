import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load-config.ts';
import { OperatorError } from '../../src/core/errors.ts';

const load = (env: Record<string, string>) => loadConfig({ file: null, env, cwd: '/nonexistent' });

/** Everything that is said of an environment that is refused. */
async function faultsOf(env: Record<string, string>): Promise<readonly string[]> {
  const refused: unknown = await load(env).catch((error: unknown) => error);
  if (!(refused instanceof OperatorError)) throw new Error('It was not refused.');
  return refused.faults;
}

describe('the environment', () => {
  test.each([
    ['PORT', 'abc', 'port (PORT): Write a whole number from 0 to 65535.'],
    ['PORT', '-1', 'port (PORT): Write a whole number from 0 to 65535.'],
    ['PORT', '65536', 'port (PORT): Write a whole number from 0 to 65535.'],
    ['LOG_LEVEL', 'loud', 'logLevel (LOG_LEVEL): Write debug, info, warn, error or silent.'],
    ['PUBLIC_URL', 'ftp://x', 'publicUrl (PUBLIC_URL): Write an address such as https://login.example.com.'],
    ['DATABASE_URL', 'mysql://root:seeded@x/y', 'databaseUrl (DATABASE_URL): Write an address such as'],
    ['REDIS_URL', 'http://:seeded@x', 'redisUrl (REDIS_URL): Write an address such as redis://host:6379.'],
    ['SECRETS', 'seeded', 'secrets.0 (SECRETS): A secret has at least 32 characters.'],
    ['TRUSTED_PROXIES', '10.0.0.0/99', 'trustedProxies.0 (TRUSTED_PROXIES): Write an address or a network'],
  ])(
    '%s=%s is refused in one sentence that says what to write, and not what was written',
    async (name, value, said) => {
      const faults = await faultsOf({ [name]: value });
      expect(faults).toEqual([expect.stringContaining(said)]);
      expect(faults.join('')).not.toContain('seeded');
    },
  );

  test.each(['Production', 'prod', 'production ', 'staging'])(
    'NODE_ENV=%s is refused: it must not quietly mean development',
    async (mode) => {
      expect(await faultsOf({ NODE_ENV: mode })).toEqual([
        'mode (NODE_ENV): Write development or production.',
      ]);
    },
  );

  test.each([
    ['production', 'production'],
    ['development', 'development'],
    ['test', 'development'],
    ['', 'development'],
  ])('NODE_ENV=%s means %s', async (mode, meant) => {
    expect((await load({ NODE_ENV: mode })).mode).toBe(meant);
  });

  test.each([
    'https://login.example.com/path',
    'https://ann:seeded@login.example.com',
    'https://login.example.com/?a=1',
    'https://login.example.com/#a',
  ])('PUBLIC_URL=%s is refused: links would show or lose what is more than an origin', async (url) => {
    const faults = await faultsOf({ PUBLIC_URL: url });
    expect(faults).toEqual([
      'publicUrl (PUBLIC_URL): Write an origin alone: no path, no query, no name or password.',
    ]);
  });

  test.each([
    ['https://login.example.com', 'https://login.example.com'],
    ['https://LOGIN.example.com:443/', 'https://login.example.com'],
    ['http://[::1]:4000', 'http://[::1]:4000'],
    ['http://localhost:4000', 'http://localhost:4000'],
  ])('PUBLIC_URL=%s is the origin %s', async (url, origin) => {
    expect((await load({ PUBLIC_URL: url })).publicUrl.origin).toBe(origin);
  });

  test('all faults are told at once', async () => {
    expect(await faultsOf({ PORT: 'x', LOG_LEVEL: 'x', SECRETS: 'x,y' })).toHaveLength(4);
  });
});
