import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadConfig, parseSettings } from '../../src/config/load-config.ts';
import { OperatorError } from '../../src/core/errors.ts';
import { shutdownTimes } from '../../src/http/shutdown-settings.ts';

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'portcullis-config-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const load = (env: Record<string, string> = {}, file: string | null = null) => loadConfig({ file, env, cwd });

async function faultsOf(attempt: Promise<unknown> | (() => unknown)): Promise<readonly string[]> {
  try {
    await (typeof attempt === 'function' ? attempt() : attempt);
  } catch (error) {
    if (error instanceof OperatorError) return error.faults;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('settings', () => {
  test('are complete with nothing set: an embedded database, port 4000, in development', async () => {
    const settings = await load();
    expect(settings).toMatchObject({ mode: 'development', port: 4000, databaseUrl: null, redisUrl: null });
    expect(settings.publicUrl.href).toBe('http://localhost:4000/');
    expect(settings.dataDir).toBe(join(cwd, 'data'));
    expect(settings.policyFolders).toEqual([join(cwd, 'policies')]);
  });

  test('come from portcullis.config.ts, and the environment wins', async () => {
    await writeFile(
      join(cwd, 'portcullis.config.ts'),
      "const idle: string = '30m';\nexport default { port: 5000, sessions: { idle }, logLevel: 'warn' as const };\n",
    );
    const settings = await load({ PORT: '6000' });
    expect(settings).toMatchObject({ port: 6000, logLevel: 'warn', sessions: { idle: 30 * 60_000 } });
    expect(settings.publicUrl.port).toBe('6000');
  });

  test('come from a JavaScript file as well', async () => {
    await writeFile(join(cwd, 'mine.js'), 'export default { port: 5001 };\n');
    expect(await load({}, 'mine.js')).toMatchObject({ port: 5001 });
  });

  test('of a section come from both: the environment says one member, the file another', async () => {
    await writeFile(
      join(cwd, 'portcullis.config.ts'),
      "export default { metrics: { host: '10.1.2.3', port: 1 } };\n",
    );
    expect((await load()).metrics).toEqual({ host: '10.1.2.3', port: 1 });
    expect((await load({ METRICS_PORT: '9464' })).metrics).toEqual({ host: '10.1.2.3', port: 9464 });
    await writeFile(join(cwd, 'portcullis.config.ts'), 'export default { metrics: 7 };\n');
    expect(await faultsOf(load({ METRICS_PORT: '9464' }))).toEqual([expect.stringMatching(/^metrics: /)]);
    await writeFile(join(cwd, 'portcullis.config.ts'), 'export default {};\n');
    expect(await faultsOf(load({ METRICS_PORT: 'many' }))).toEqual([
      'metrics.port (METRICS_PORT): Write a whole number from 0 to 65535.',
    ]);
  });

  test.each([
    [{}, 'development', { lead: 0, drain: 7_000 }],
    [{}, 'production', { lead: 2_000, drain: 5_000 }],
    [{ lead: '0s' }, 'production', { lead: 0, drain: 7_000 }],
    [{ lead: '15s', within: '28s' }, 'production', { lead: 15_000, drain: 11_000 }],
  ] as const)('say with shutdown %j how long a server in %s waits for what', (shutdown, mode, times) => {
    const settings = parseSettings({ shutdown }, cwd);
    expect(shutdownTimes(settings.shutdown, mode)).toEqual(times);
  });

  test.each([
    [{ lead: '7s' }, 'shutdown.within: Write a time that is at least 3s longer than shutdown.lead.'],
    [{ within: '4s' }, 'shutdown.within: Write a time that is at least 3s longer than shutdown.lead.'],
    [{ lead: 'soon' }, 'shutdown.lead: Write a length of time such as 30s, 5m, 12h or 7d, not "soon".'],
  ])('refuse shutdown %j, which leaves no time for what is in flight', async (shutdown, fault) => {
    expect(await faultsOf(() => parseSettings({ shutdown }, cwd))).toEqual([fault]);
  });

  test('read lists from the environment', async () => {
    const settings = await load({
      POLICY_DIR: 'policies:more/policies',
      TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      SECRETS: `${'a'.repeat(32)},${'b'.repeat(40)}`,
    });
    expect(settings.policyFolders).toEqual([join(cwd, 'policies'), join(cwd, 'more/policies')]);
    expect(settings.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    expect(settings.secrets?.map((secret) => secret.reveal().length)).toEqual([32, 40]);
  });

  test('take an empty variable for an unset one', async () => {
    expect(await load({ DATABASE_URL: '', PORT: '' })).toMatchObject({ databaseUrl: null, port: 4000 });
  });

  test.each([
    ['a setting that does not exist', { sessoins: {} }, 'sessoins'],
    ['one in a section', { sessions: { idel: '1h' } }, 'idel'],
    ['a length of time in words', { sessions: { idle: 'an hour' } }, 'sessions.idle'],
    ['no authenticator', { authenticators: [] }, 'authenticators'],
    ['a password shorter than NIST allows', { passwords: { minLength: 4 } }, 'passwords.minLength'],
    ['hashing below the floor of OWASP', { passwords: { memoryKiB: 4096 } }, 'passwords.memoryKiB'],
    ['an attribute that no policy could name', { attributes: { 'Job title': 'string' } }, 'attributes'],
    ['a network that is none', { trustedProxies: ['proxy.internal'] }, 'trustedProxies'],
  ])('refuse %s', async (_what, config, name) => {
    expect((await faultsOf(() => parseSettings(config, cwd))).join('\n')).toContain(name);
  });

  test('that can not be loaded are told by file and reason', async () => {
    await writeFile(join(cwd, 'broken.ts'), 'export default {{{\n');
    expect((await faultsOf(load({}, 'broken.ts'))).join()).toContain('broken.ts');
    await writeFile(join(cwd, 'list.ts'), 'export default [];\n');
    expect((await faultsOf(load({}, 'list.ts'))).join()).toMatch(/export .*default/);
    expect((await faultsOf(load({}, 'missing.ts'))).join()).toContain('missing.ts');
  });
});

const environmentFaults = (env: Record<string, string>) => faultsOf(load(env));

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
      const faults = await environmentFaults({ [name]: value });
      expect(faults).toEqual([expect.stringContaining(said)]);
      expect(faults.join('')).not.toContain('seeded');
    },
  );

  test.each(['Production', 'prod', 'production ', 'staging'])(
    'NODE_ENV=%s is refused: it must not quietly mean development',
    async (mode) => {
      expect(await environmentFaults({ NODE_ENV: mode })).toEqual([
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
    const faults = await environmentFaults({ PUBLIC_URL: url });
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
    expect(await environmentFaults({ PORT: 'x', LOG_LEVEL: 'x', SECRETS: 'x,y' })).toHaveLength(4);
  });
});
