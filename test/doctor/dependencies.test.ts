import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startProvider } from '../../examples/provider/provider.ts';
import { operator } from '../../src/accounts/actor.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/open-store.ts';
import { prepareSite, type RunningServer, type Site, startPortcullis } from '../system/start-portcullis.ts';
import { createDatabase } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { type DoctorSite, prepareDoctorSite, sectionOf, told } from './examine-site.ts';

const patience = 120_000;

/** Takes connections, and says nothing for ever. */
async function startSilent() {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    at: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('what is down', () => {
  let site: DoctorSite;
  beforeAll(async () => {
    site = await prepareDoctorSite();
  });
  afterAll(() => site.remove());

  test(
    'is told, with what to do, and keeps no other check from its answer',
    async () => {
      const report = await site.examine({
        DATABASE_URL: 'postgres://ann:seeded@127.0.0.1:1/x',
        REDIS_URL: 'redis://:seeded@127.0.0.1:1',
      });
      expect(told(report, 'database')).toMatch(
        /^fail The database at DATABASE_URL can't be reached: .*ECONNREFUSED.* Check that it runs and that the URL is right\.$/,
      );
      expect(told(report, 'redis')).toMatch(
        /^fail Redis at REDIS_URL can't be reached: .*ECONNREFUSED.* Check that it runs and that the URL is right\.$/,
      );
      expect(told(report, 'clocks')).toMatch(/^skip Not looked at/);
      expect(told(report, 'administrators')).toMatch(/^skip Not looked at/);
      expect(told(report, 'policy')).toMatch(
        /^ok .* rules and .*\nskip What was granted at run time is not looked at/,
      );
      expect(told(report, 'authenticators')).toMatch(
        /^ok password: asks for username and password; proves pwd at level 1\.$/,
      );
      expect(report).toMatchObject({ problems: 2, ok: false });
      expect(JSON.stringify(report)).not.toContain('seeded');
    },
    patience,
  );

  test(
    'and what takes a connection and says nothing is given up in time',
    async () => {
      const silent = await startSilent();
      const begun = performance.now();
      const report = await site.examine({
        DATABASE_URL: `postgres://ann:seeded@${silent.at}/x`,
        REDIS_URL: `redis://${silent.at}`,
      });
      expect(performance.now() - begun).toBeLessThan(10_000);
      expect(told(report, 'database')).toMatch(
        /^fail The database at DATABASE_URL can't be reached: .*Check that it runs/,
      );
      expect(told(report, 'redis')).toMatch(
        /^fail Redis at REDIS_URL can't be reached: no answer within 2000 ms/,
      );
      expect(report.problems).toBe(2);
      silent.close();
    },
    patience,
  );

  test(
    'a port that somebody else has is told',
    async () => {
      const silent = await startSilent();
      const [host = '', port = ''] = silent.at.split(':');
      const report = await site.examine({ HOST: host, PORT: port });
      expect(told(report, 'listener')).toMatch(
        /^warn Something has 127\.0\.0\.1:\d+, and does not answer as a server of ours would\. -> Stop it, or give another PORT\./,
      );
      silent.close();
    },
    patience,
  );
});

describe('the policy', () => {
  let site: DoctorSite;
  beforeAll(async () => {
    site = await prepareDoctorSite();
  });
  afterAll(() => site.remove());

  test(
    'that has an error is told with its line, and whether a server would start',
    async () => {
      await appendFile(join(site.policies, 'groups.csv'), 'g, ann, group:support\n');
      const report = await site.examine();
      expect(told(report, 'policy')).toMatch(
        /^fail The files are refused, and no good policy was kept: a server does not start\. -> Mend what follows\.\nfail groups\.csv:\d+: .* -> /,
      );
      expect(report.ok).toBe(false);
    },
    patience,
  );

  test(
    'with a hundred errors is told in part',
    async () => {
      await appendFile(join(site.policies, 'groups.csv'), 'g, ann, group:support\n'.repeat(100));
      const report = await site.examine();
      expect(sectionOf(report, 'policy').length).toBeLessThan(30);
      expect(told(report, 'policy')).toMatch(
        /fail There are \d+ more errors\. -> Run `portcullis policy check`\./,
      );
    },
    patience,
  );

  test(
    'whose folder is gone is told as that',
    async () => {
      const report = await site.examine({ POLICY_DIR: join(site.folder, 'nowhere') });
      expect(told(report, 'policy')).toMatch(
        /^fail The files are refused.*\nfail \S+nowhere: It cannot be read: .* -> Bring the folder back, or mend policyFolders \(POLICY_DIR\)\.$/,
      );
    },
    patience,
  );
});

describe('ways to log in', () => {
  let site: DoctorSite;
  beforeAll(async () => {
    site = await prepareDoctorSite();
  });
  afterAll(() => site.remove());

  const acme = (diagnose: string) => `
    const strategy = { authenticate() {} };
    const anything = { safeParse: (data) => ({ success: true, data }) };
    const create = () => ({
      name: 'acme',
      strategy,
      proves: { amr: ['pwd', 'otp'], aal: 2 },
      redirect: { label: 'Acme', provision: true },
      identify: async () => ({ kind: 'none', reason: 'never' }),
      diagnose: ${diagnose},
    });
    export default {
      authenticators: [{ use: 'password' }, { use: { name: 'acme', options: anything, create } }],
    };`;

  test.each([
    [
      'a provider that is well',
      "async () => [{ ok: true, message: 'Discovery at https://acme.example was read.', remedy: null }]",
      /\nok acme: Discovery at https:\/\/acme\.example was read\.$/,
      0,
    ],
    [
      'a provider that is down',
      "async () => [{ ok: false, message: 'https://acme.example does not answer.', remedy: 'Check the issuer.' }]",
      /\nfail acme: https:\/\/acme\.example does not answer\. -> Check the issuer\.$/,
      1,
    ],
    [
      'a check that throws',
      "() => { throw new Error('oops') }",
      /\nfail acme: its own check failed: (?:Error: )?oops -> Report it to whoever made the authenticator\.$/,
      1,
    ],
    [
      'a check that never ends',
      '() => new Promise(() => {})',
      /\nfail acme: its own check did not end within 5\.5 s\.$/,
      1,
    ],
  ])(
    '%s',
    async (_title, diagnose, says, problems) => {
      await site.configure(acme(diagnose));
      const report = await site.examine({ PUBLIC_URL: 'https://login.example.com' });
      expect(told(report, 'authenticators')).toMatch(
        /^ok password: .*\nok acme: "Log in with Acme", register https:\/\/login\.example\.com\/login\/acme\/callback there; a first login makes an account; proves pwd and otp at level 2\.\n/,
      );
      expect(told(report, 'authenticators')).toMatch(says);
      expect(report.problems).toBe(problems);
    },
    patience,
  );

  test(
    'that can not be made are told all at once',
    async () => {
      await site.configure(
        "export default { authenticators: [{ use: 'no-such-package' }, { use: 'password', name: 'Bad Name' }] };",
      );
      const report = await site.examine();
      expect(told(report, 'authenticators')).toMatch(
        /^fail authenticators\[0\]: what "use" names can't be loaded: .*\nfail authenticators\[1\]: "Bad Name" can't be an authenticator's name/,
      );
    },
    patience,
  );
});

test(
  'a real OpenID Provider is discovered, asked for its keys, and named with the address to register; gone, it is told as down',
  async () => {
    const site = await prepareDoctorSite();
    const client = { id: 'portcullis', secret: 'seeded-7f3a9c-and-long-enough-to-be-one' };
    const provider = await startProvider({
      port: 0,
      client: {
        ...client,
        redirectUris: ['http://localhost/login/acme/callback'],
        postLogoutRedirectUris: [],
      },
    });
    await site.configure(
      `export default { authenticators: [{ use: 'password' }, { use: 'oidc', name: 'acme', options: {
        issuer: '${provider.issuer}', label: 'Acme', clientId: '${client.id}', clientSecret: '${client.secret}' } }] };`,
    );
    const well = await site.examine();
    expect(told(well, 'authenticators')).toMatch(
      /\nok acme: "Log in with Acme", register http:\/\/localhost:\d+\/login\/acme\/callback there; /,
    );
    expect(told(well, 'authenticators')).toMatch(/\nok acme: discovery of http:\/\/localhost:\d+ answered/);
    expect(well).toMatchObject({ problems: 0, ok: true });
    await provider.close();
    const down = await site.examine();
    expect(told(down, 'authenticators')).toMatch(
      /\nfail acme: discovery failed: .* -> Open http:\/\/localhost:\d+\/\.well-known/,
    );
    expect(down.ok).toBe(false);
    expect(JSON.stringify([well, down])).not.toContain('seeded');
    await site.remove();
  },
  patience,
);

describe('beside a running server', () => {
  let house: Site;
  let server: RunningServer;
  let open = true;
  let site: DoctorSite;
  const env = () => ({
    HOST: '127.0.0.1',
    PORT: String(server.port),
    DATA_DIR: house.config.dataDir ?? '',
    POLICY_DIR: house.policies,
  });

  beforeAll(async () => {
    house = await prepareSite('embedded');
    server = await startPortcullis(house);
    site = await prepareDoctorSite();
  }, patience);
  afterAll(async () => {
    if (open) await server.close();
    await house.remove();
    await site.remove();
  });

  const untilDecidedBy = async (source: string): Promise<void> => {
    const late = systemClock.monotonic() + 20_000;
    while (server.policy.status().source !== source && systemClock.monotonic() < late) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(server.policy.status().source).toBe(source);
  };

  test(
    'the doctor shares its database, and sees that it decides by these files',
    async () => {
      const report = await site.examine(env());
      expect(told(report, 'listener')).toMatch(/^ok A server runs on 127\.0\.0\.1:\d+, and is ready\./);
      expect(told(report, 'database')).toMatch(
        /answers in [\d.]+ ms, beside the process that has it open\.\nok Its schema is up to date\.$/,
      );
      expect(told(report, 'policy')).toMatch(/^ok The server that runs decides by it\.$/m);
      expect(report).toMatchObject({ ok: true, problems: 0 });
    },
    patience,
  );

  test(
    'administrators who are all suspended are told',
    async () => {
      expect(told(await site.examine(env()), 'administrators')).toMatch(/^warn There is no administrator\./);
      const { id } = await server.accounts.create({ username: 'root', groups: ['superusers'] }, operator);
      expect(told(await site.examine(env()), 'administrators')).toBe('ok There is at least one.');
      // No command does that to the last one.
      const store = await openStore({
        databaseUrl: null,
        dataDir: house.config.dataDir ?? '',
        log: silentLog,
        attach: true,
      });
      await store.users.changeStatus(id, 'active', 'suspended');
      expect(told(await site.examine(env()), 'administrators')).toMatch(
        /^fail Every administrator is suspended\. -> Reactivate one that you trust: /,
      );
      await store.users.changeStatus(id, 'suspended', 'active');
      await store.close();
    },
    patience,
  );

  test(
    'files that the server refuses: it decides by the last good ones, and so it is told',
    async () => {
      await writeFile(join(house.policies, 'zz.csv'), 'p, everyone, nothing at all\n');
      await untilDecidedBy('last-good');
      const report = await site.examine(env());
      expect(told(report, 'policy')).toMatch(
        /^fail The files are refused: the last good policy decides, sha256-[0-9a-f]{16}\. -> Mend what follows; .*\nfail zz\.csv:1: /,
      );
      await rm(join(house.policies, 'zz.csv'));
      await untilDecidedBy('files');
    },
    patience,
  );

  test(
    'other files than the server has are told',
    async () => {
      await writeFile(join(site.policies, 'zz.csv'), 'p, group:support, Query.viewer, *, allow\n');
      const other = await site.examine({ ...env(), POLICY_DIR: site.policies });
      expect(told(other, 'policy')).toMatch(
        /^warn The server that runs decides by another version, sha256-[0-9a-f]{16}\. -> Look again/m,
      );
    },
    patience,
  );

  test(
    'that has ended: its database is opened, looked at, and left',
    async () => {
      await server.close();
      open = false;
      const report = await site.examine(env());
      expect(told(report, 'listener')).toMatch(/^ok Nothing listens on 127\.0\.0\.1:\d+: `serve` can\./);
      expect(told(report, 'database')).toMatch(
        /^ok The embedded database in \S+data \(PostgreSQL [\d.]+\) answers in [\d.]+ ms\.\nok Its schema is up to date\.$/,
      );
      expect(told(report, 'clocks')).toBe('ok The embedded database goes by the clock of this machine.');
      expect(told(report, 'policy')).toMatch(
        /, 0 of the rows granted at run time; .*\nok Its version is sha256-[0-9a-f]{16}\.\n/,
      );
      expect(told(report, 'administrators')).toMatch(/^ok There is at least one\.$/);
      expect(report.problems).toBe(0);
    },
    patience,
  );

  test(
    'whose database was destroyed since: told as that, and the rest is looked at',
    async () => {
      await rm(join(house.config.dataDir ?? '', 'database', 'global'), { recursive: true });
      const report = await site.examine(env());
      expect(told(report, 'database')).toMatch(
        /^fail The embedded database in \S+ could not be opened: .*Restore the folder from a backup/,
      );
      expect(told(report, 'policy')).toMatch(/^ok /);
    },
    patience,
  );
});

if (storeKinds.includes('postgresql')) {
  describe('PostgreSQL', () => {
    let site: DoctorSite;
    let database: Awaited<ReturnType<typeof createDatabase>>;
    const env = () => ({ DATABASE_URL: database.url.reveal() });
    beforeAll(async () => {
      site = await prepareDoctorSite();
      database = await createDatabase();
    });
    afterAll(async () => {
      await database.drop();
      await site.remove();
    });

    test(
      'that is empty, then migrated',
      async () => {
        const empty = await site.examine(env());
        expect(told(empty, 'database')).toMatch(
          /^ok PostgreSQL \S.* at postgres:\/\/\S+ answers in [\d.]+ ms\.\nwarn It is empty: its tables are not made yet\./,
        );
        expect(told(empty, 'administrators')).toMatch(
          /^skip Not looked at: the database is not open, or not migrated\./,
        );
        await migrate({ databaseUrl: database.url, dataDir: site.dataDir, log: silentLog });
        const migrated = await site.examine(env());
        expect(told(migrated, 'database')).toMatch(/\nok Its schema is up to date\.$/);
        expect(told(migrated, 'clocks')).toMatch(
          /^ok This clock and that of the database are \d+ ms apart\.$/,
        );
      },
      patience,
    );

    test.each([
      [
        'a clock that is ten seconds fast',
        10_000,
        /^warn This clock is (9|10|11) s ahead of that of the database\. -> Let both machines keep time by NTP\.$/,
      ],
      [
        'a clock that is an hour slow',
        -3_600_000,
        /^fail This clock is 3(599|600|601) s behind that of the database\. -> /,
      ],
    ])(
      '%s is told',
      async (_title, ahead, says) => {
        const clock = { now: () => systemClock.now() + ahead, monotonic: () => systemClock.monotonic() };
        expect(told(await site.examine(env(), clock), 'clocks')).toMatch(says);
      },
      patience,
    );
  });
}

const redisUrl = process.env['REDIS_URL'] ?? '';
if (redisUrl !== '') {
  test(
    'a Redis that runs is asked what sessions need of it, and keeps nothing of that',
    async () => {
      const site = await prepareDoctorSite();
      const url = new URL(redisUrl);
      const report = await site.examine({ REDIS_URL: redisUrl });
      expect(told(report, 'redis')).toMatch(
        /^ok Redis [\d.]+ at rediss?:\/\/\S+ answers in [\d.]+ ms; keys of sessions begin with portcullis:\.\nok It takes writes\.\n/,
      );
      url.username = 'nobody';
      url.password = 'seeded';
      const locked = await site.examine({ REDIS_URL: url.href });
      expect(told(locked, 'redis')).toMatch(
        /^fail Redis at REDIS_URL can't be reached: .*Check that it runs/,
      );
      expect(JSON.stringify(locked)).not.toContain('seeded');
      await site.remove();
    },
    patience,
  );
}
