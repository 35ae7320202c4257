import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Report } from '../../src/doctor/examine.ts';
import { checks } from '../../src/doctor/table.ts';
import { findFreePort } from '../doctor/examine-site.ts';
import { housings } from '../system/housings.ts';
import { prepareSite, type RunningServer, type Site, startPortcullis } from '../system/start-portcullis.ts';
import { runCommand } from './run-command.ts';

const root = resolve(import.meta.dirname, '../..');
// Each is a process of its own: seconds, not milliseconds.
const patience = 120_000;

let folder: string;
let port: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portcullis-cli-doctor-'));
  await cp(join(root, 'policies'), join(folder, 'policies'), { recursive: true });
  port = await findFreePort();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const config = () => join(folder, 'portcullis.config.ts');
const environment = () => ({
  DATA_DIR: join(folder, 'data'),
  POLICY_DIR: join(folder, 'policies'),
  PORT: String(port),
});

/** What is wrong, as environment; what is said; the exit code. */
test.each<[string, Record<string, string>, RegExp, number]>([
  ['nothing is wrong', {}, /^Node\n {2}ok {4}Node [\d.]+\.\n[^]*\n0 problems, \d+ warnings?\.\n$/, 0],
  [
    'the database is dead',
    { DATABASE_URL: 'postgres://ann:seeded-7f3a9c@127.0.0.1:1/x' },
    /\nDatabase\n {2}FAIL {2}The database at DATABASE_URL can't be reached: .*Check that it runs[^]*\nWays to log in\n {2}ok {4}password:[^]*\n1 problem, /,
    1,
  ],
  [
    'Redis is dead',
    { REDIS_URL: 'redis://:seeded-7f3a9c@127.0.0.1:1' },
    /\nRedis\n {2}FAIL {2}Redis at REDIS_URL can't be reached: .*Check that it runs/,
    1,
  ],
  [
    'an http origin that is not this machine',
    { PUBLIC_URL: 'http://login.example.com' },
    /\nOrigin and cookies\n {2}FAIL {2}PUBLIC_URL is http:\/\/login\.example\.com: .*Give an https address/,
    1,
  ],
  [
    'production has no secrets',
    { NODE_ENV: 'production' },
    /\nSecrets\n {2}FAIL {2}secrets \(SECRETS\): production needs at least one secret of 32 characters/,
    1,
  ],
  [
    'https has no trusted proxy, which is a warning',
    { PUBLIC_URL: 'https://login.example.com' },
    /\nTrusted proxies\n {2}warn {2}No proxy is trusted, .*\n {8}-> Name the proxy's address in TRUSTED_PROXIES\.\n/,
    0,
  ],
  [
    'settings of the wrong form',
    { PORT: 'http', LOG_LEVEL: 'loud', SECRETS: 'seeded-7f3a9c' },
    /\nConfiguration\n {2}FAIL {2}port \(PORT\): [^]*FAIL {2}secrets[^]* \(SECRETS\): [^]*FAIL {2}logLevel \(LOG_LEVEL\): [^]*\nDatabase\n {2}ok /,
    1,
  ],
  [
    'the policy is not there',
    { POLICY_DIR: '/nowhere' },
    /\nPolicy\n {2}FAIL {2}The files are refused[^]*FAIL {2}\/nowhere: It cannot be read/,
    1,
  ],
])(
  '%s',
  async (_title, wrong, says, code) => {
    await writeFile(config(), 'export default {};');
    const result = await runCommand(['--config', config(), 'doctor'], {
      env: { ...environment(), ...wrong },
    });
    expect(result.stderr).toBe('');
    expect(result.stdout).toMatch(says);
    expect(result.code).toBe(code);
    expect(result.stdout).not.toMatch(/seeded-7f3a9c|\n {4}at |by a fault of ours/);
  },
  patience,
);

test(
  'a bad policy is told by file and line, and exit code 1',
  async () => {
    const bad = join(folder, 'bad');
    await cp(join(root, 'policies'), bad, { recursive: true });
    await writeFile(join(bad, 'zz.csv'), 'p, ann, Query.viewer, *, allow\n');
    const result = await runCommand(['doctor'], { env: { ...environment(), POLICY_DIR: bad } });
    expect(result.stdout).toMatch(
      /\nPolicy\n {2}FAIL {2}The files are refused[^]*\n {2}FAIL {2}zz\.csv:1: .*\n {8}-> /,
    );
    expect(result.code).toBe(1);
  },
  patience,
);

test(
  'a provider that is down: what its authenticator says of it, and exit code 1',
  async () => {
    await writeFile(
      config(),
      `export default { authenticators: [{ use: 'password' }, {
      use: 'oidc', name: 'acme',
      options: { issuer: 'http://127.0.0.1:1', clientId: 'portcullis', clientSecret: 'seeded-7f3a9c' } }] };`,
    );
    const result = await runCommand(['--config', config(), 'doctor'], {
      env: { ...environment(), PUBLIC_URL: 'https://login.example.com' },
    });
    expect(result.stdout).toContain('register https://login.example.com/login/acme/callback there');
    expect(result.stdout).toMatch(/\n {2}FAIL {2}acme: .*127\.0\.0\.1:1.*\n/);
    expect(result.stdout).not.toContain('seeded-7f3a9c');
    expect(result.code).toBe(1);
  },
  patience,
);

describe('however much is down', () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  test(
    'and whoever says nothing, the run ends within 15 seconds, and the configuration that waits is told',
    async () => {
      await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready));
      const at = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
      await writeFile(config(), 'await new Promise((done) => setTimeout(done, 60_000)); export default {};');
      const begun = performance.now();
      const result = await runCommand(['--config', config(), 'doctor', '--json'], {
        env: { ...environment(), DATABASE_URL: `postgres://${at}/x`, REDIS_URL: `redis://${at}` },
      });
      // The rest is the start of the process, on a machine that runs other tests.
      expect(performance.now() - begun).toBeLessThan(30_000);
      const report = JSON.parse(result.stdout) as Report;
      const slowest = Math.max(...report.sections.map(({ milliseconds }) => milliseconds));
      expect(slowest).toBeLessThanOrEqual(11_000);
      expect(
        report.sections
          .flatMap(({ verdicts }) => verdicts)
          .filter(({ mark }) => mark === 'fail')
          .map(({ message }) => message),
      ).toEqual([
        expect.stringMatching(/portcullis\.config\.ts was not loaded within 3 s/),
        expect.stringMatching(/^The database at DATABASE_URL can't be reached/),
        expect.stringMatching(/^Redis at REDIS_URL can't be reached/),
      ]);
      expect(result.code).toBe(1);
    },
    patience,
  );
});

describe.each(housings)('beside a running server on %s', (housing) => {
  let site: Site;
  let server: RunningServer;
  beforeAll(async () => {
    site = await prepareSite(housing);
    server = await startPortcullis(site);
  }, patience);
  afterAll(async () => {
    await server.close();
    await site.remove();
  });

  test(
    'with --json every check is told, in order, and all is well',
    async () => {
      const { dataDir, databaseUrl, redisUrl } = site.config;
      const result = await runCommand(['doctor', '--json'], {
        env: {
          HOST: '127.0.0.1',
          PORT: String(server.port),
          PUBLIC_URL: `http://localhost:${server.port}`,
          DATA_DIR: dataDir ?? '',
          POLICY_DIR: site.policies,
          DATABASE_URL: databaseUrl ?? '',
          REDIS_URL: redisUrl ?? '',
        },
      });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      const report = JSON.parse(result.stdout) as Report;
      expect(report).toMatchObject({ ok: true, problems: 0 });
      expect(report.sections.map(({ name }) => name)).toEqual(checks.map(({ name }) => name));
      const messages = report.sections
        .flatMap(({ verdicts }) => verdicts.map(({ message }) => message))
        .join('\n');
      expect(messages).toContain('and is ready.');
      expect(messages).toContain('The server that runs decides by it.');
      expect(messages).toMatch(
        housing === 'embedded' ? /beside the process that has it open/ : /PostgreSQL \S+ .* at postgres:/,
      );
      if (housing.endsWith('redis')) expect(messages).toContain('It takes writes.');
    },
    patience,
  );
});
