import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DoctorSite, prepareDoctorSite, told } from './examine-site.ts';

let site: DoctorSite;
beforeAll(async () => {
  site = await prepareDoctorSite();
});
afterAll(() => site.remove());

const patience = 60_000;
const secret = 'kT2_9vQwZx8LmN4pRs6tUy1cBd3eFg5h';

/** Environment, section, and what the doctor says of it. */
const rows: readonly (readonly [
  title: string,
  env: Record<string, string>,
  section: string,
  says: RegExp,
  problems: number,
])[] = [
  [
    'an http origin of another machine is a problem',
    { PUBLIC_URL: 'http://login.example.com' },
    'origin',
    /^fail PUBLIC_URL is http:\/\/login\.example\.com: over http a login can be read .*Give an https address/,
    1,
  ],
  [
    'an https origin gives a __Host- cookie, and says that a proxy ends TLS',
    { PUBLIC_URL: 'https://login.example.com' },
    'origin',
    /^ok .*__Host-portcullis: HttpOnly, SameSite=Lax, Path=\/, Secure\.\nok .*a proxy in front ends TLS/,
    0,
  ],
  [
    'an http origin of this machine gives a plain cookie',
    {},
    'origin',
    /^ok Browsers use http:\/\/localhost:\d+\. The session's cookie is portcullis: .*not Secure/,
    0,
  ],
  [
    'production on http is for this machine alone',
    { NODE_ENV: 'production', SECRETS: secret },
    'origin',
    /warn Production on http:\/\/localhost:\d+: only browsers on this machine .*-> Give the https address/,
    0,
  ],
  [
    'https without a trusted proxy makes all clients look alike',
    { PUBLIC_URL: 'https://login.example.com' },
    'proxies',
    /^warn No proxy is trusted.*-> Name the proxy's address in TRUSTED_PROXIES\.$/,
    0,
  ],
  [
    'a proxy that is named is believed',
    { PUBLIC_URL: 'https://login.example.com', TRUSTED_PROXIES: '10.0.0.1,10.1.0.0/16' },
    'proxies',
    /^ok X-Forwarded-For is believed of 10\.0\.0\.1, 10\.1\.0\.0\/16\.$/,
    0,
  ],
  [
    'a proxy that is everybody makes addresses up',
    { TRUSTED_PROXIES: '0.0.0.0/0' },
    'proxies',
    /\nwarn 0\.0\.0\.0\/0 in TRUSTED_PROXIES is much of the Internet.*-> Name the proxies alone\.$/,
    0,
  ],
  [
    'production without secrets is a problem',
    { NODE_ENV: 'production' },
    'secrets',
    /^fail secrets \(SECRETS\): production needs at least one secret of 32 characters or more\. Make one with:/,
    1,
  ],
  [
    'a secret that somebody typed could be guessed',
    { SECRETS: 'change-me'.repeat(6) },
    'secrets',
    /^ok One secret is configured\.\nwarn One secret looks as if typed by hand.*-> Make one with/,
    0,
  ],
  [
    'several good secrets are well',
    { SECRETS: `${secret},${secret.toUpperCase()}` },
    'secrets',
    /^ok 2 secrets are configured: the first encrypts, all decrypt\.$/,
    0,
  ],
  [
    'development needs no secret, and the doctor makes none',
    {},
    'secrets',
    /^ok None is configured; development makes one at its first start\.$/,
    0,
  ],
  ['a random port is in no PUBLIC_URL', { PORT: '0' }, 'listener', /^warn PORT is 0: .*-> Give a PORT/, 0],
  [
    'another port in PUBLIC_URL than the one that is listened on',
    { PUBLIC_URL: 'http://localhost:8080' },
    'listener',
    /\nwarn Browsers go to port 8080, and the server listens on \d+\. -> Give PORT=8080, or a PUBLIC_URL with port \d+/,
    0,
  ],
  [
    'an address that is not this machine can not be listened on',
    { HOST: '192.0.2.1', PUBLIC_URL: 'https://login.example.com' },
    'listener',
    /^fail 192\.0\.2\.1:\d+ can't be listened on \(EADDRNOTAVAIL\)\. -> Give another HOST or PORT\./,
    1,
  ],
  [
    'an open HOST over http',
    { HOST: '0.0.0.0' },
    'listener',
    /\nwarn HOST is 0\.0\.0\.0: other machines reach the server over http/,
    0,
  ],
  [
    'Redis and the database are not asked for where none is configured',
    {},
    'redis',
    /^ok Not configured: sessions are kept in the database\.$/,
    0,
  ],
  [
    'a database that is not made yet is no problem, and is not made',
    {},
    'database',
    /^ok The embedded database is not made yet: the first start makes it in \S+data\.$/,
    0,
  ],
  [
    'the embedded database in production',
    { NODE_ENV: 'production', SECRETS: secret },
    'database',
    /\nwarn The embedded database does not wait for the disk.*-> Use PostgreSQL \(DATABASE_URL\) in production\.$/,
    0,
  ],
];

test.each(rows)(
  '%s',
  async (_title, env, section, says, problems) => {
    const report = await site.examine(env);
    expect(told(report, section)).toMatch(says);
    expect(report).toMatchObject({ problems, ok: problems === 0 });
  },
  patience,
);

test(
  'every fault of the settings is told like all others, and what does not stand on it is looked at',
  async () => {
    const report = await site.examine({
      PORT: 'http',
      LOG_LEVEL: 'loud',
      NODE_ENV: 'Production',
      PUBLIC_URL: 'https://login.example.com',
    });
    const configuration = told(report, 'configuration');
    for (const fault of [
      /^fail port \(PORT\): Write a whole number/m,
      /^fail logLevel \(LOG_LEVEL\)/m,
      /^fail mode \(NODE_ENV\): Write development or production/m,
    ])
      expect(configuration).toMatch(fault);
    expect(configuration).toContain(
      'ok The mode is not known; settings come from the environment (NODE_ENV, ',
    );
    expect(told(report, 'listener')).toBe(
      'skip Not looked at: it stands on port, and that is at fault above.',
    );
    expect(told(report, 'secrets')).toBe(
      'skip Not looked at: it stands on mode, and that is at fault above.',
    );
    expect(told(report, 'origin')).toContain('__Host-portcullis');
    expect(told(report, 'authenticators')).toMatch(/^ok password: /);
    expect(report.problems).toBe(3);
  },
  patience,
);

test(
  'a public URL that would follow from a faulty port is not known either',
  async () => {
    const report = await site.examine({ PORT: 'http', PUBLIC_URL: '' });
    expect(told(report, 'origin')).toBe(
      'skip Not looked at: it stands on publicUrl, and that is at fault above.',
    );
  },
  patience,
);

describe('a configuration file', () => {
  afterAll(() => site.configure('export default {};'));

  test.each([
    ['that is broken', 'export default {', /^fail \S+portcullis\.config\.ts can't be loaded: .*Mend it/],
    [
      'that throws',
      "throw new Error('no such host');",
      /^fail \S+portcullis\.config\.ts can't be loaded: (?:Error: )?no such host\. Mend it/,
    ],
    [
      'that exports nothing',
      'export const settings = {};',
      /^fail .*must export its settings as default|^fail There is no setting settings/,
    ],
  ])(
    '%s: what it might have said is not looked at, and the rest is',
    async (_title, source, says) => {
      await site.configure(source);
      const report = await site.examine({ DATABASE_URL: 'postgres://ann:seeded@127.0.0.1:1/x' });
      expect(told(report, 'configuration')).toMatch(says);
      expect(report.ok).toBe(false);
      expect(told(report, 'origin')).toMatch(/^ok Browsers use/);
    },
    patience,
  );

  test(
    'that has a setting of a wrong name and one of a wrong kind',
    async () => {
      await site.configure("export default { sessoins: {}, corsOrigins: ['http://app.example.com', 'x'] };");
      const report = await site.examine();
      expect(told(report, 'configuration')).toMatch(/fail There is no setting sessoins\./);
      expect(told(report, 'configuration')).toMatch(/fail corsOrigins\.1: Write an address such as/);
      expect(told(report, 'cors')).toMatch(/^skip Not looked at/);
      expect(report.problems).toBe(2);
    },
    patience,
  );

  test(
    'whose other origins are open, and whose sessions end too early',
    async () => {
      await site.configure(
        "export default { corsOrigins: ['http://app.example.com', 'https://b.example.com'], sessions: { idle: '8d' } };",
      );
      const report = await site.examine();
      expect(told(report, 'cors')).toBe(
        'ok Pages of http://app.example.com, https://b.example.com may call /graphql with cookies.\n' +
          'warn http://app.example.com in corsOrigins is http: whoever is on the way can put a page there. -> Give its https address.',
      );
      expect(told(report, 'configuration')).toMatch(/warn sessions\.idle is longer than sessions\.absolute/);
    },
    patience,
  );
});

describe('the data directory', () => {
  test(
    'is told of where it is not there, open, or a file',
    async () => {
      expect(told(await site.examine(), 'data-directory')).toBe(
        `ok ${site.dataDir} is not there yet: the first start makes it.`,
      );
      await mkdir(site.dataDir, { mode: 0o700 });
      await chmod(site.dataDir, 0o755);
      expect(told(await site.examine(), 'data-directory')).toMatch(
        /^ok \S+ can be written; \d+ MiB are free\.\nwarn \S+ is open to others on this machine\. -> chmod 700 /,
      );
      const file = join(site.folder, 'file');
      await writeFile(file, '');
      expect(told(await site.examine({ DATA_DIR: file }), 'data-directory')).toMatch(
        /^fail \S+ is not a folder\. -> Give another one/,
      );
      expect(told(await site.examine({ DATA_DIR: join(file, 'below') }), 'data-directory')).toMatch(
        /^fail \S+ is not there, and can't be made in/,
      );
    },
    patience,
  );

  test(
    'holds the secret of development, which others must not read and which must be whole',
    async () => {
      const file = join(site.dataDir, 'secret');
      await writeFile(file, secret, { mode: 0o600 });
      expect(told(await site.examine(), 'secrets')).toBe(
        `ok None is configured; development uses its own, ${file}.`,
      );
      await writeFile(file, 'short');
      expect(told(await site.examine(), 'secrets')).toMatch(
        /^fail The secret in \S+ was cut short\. -> Delete the file/,
      );
      await chmod(file, 0o644);
      expect(told(await site.examine(), 'secrets')).toMatch(
        /^warn \S+ can be read by others on this machine\. -> chmod 600 /,
      );
    },
    patience,
  );
});
