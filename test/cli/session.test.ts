import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import { Secret } from '../../src/core/secret.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { AuditRow } from '../../src/store/contract/audit.ts';
import type { Client } from '../http/client.ts';
import { housings } from '../system/housings.ts';
import {
  answerOf,
  password,
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
} from '../system/start-portcullis.ts';
import { runCommand } from './run-command.ts';

// Each command is a process of its own: seconds, not milliseconds.
const patience = 120_000;

interface Shown {
  readonly id: string;
  readonly username: string;
  readonly authenticator: string;
  readonly address: string;
  readonly userAgent: string | null;
}

const subjectOf = async (client: Client): Promise<unknown> =>
  (await answerOf(client, '{ viewer { subject } }')).data?.['viewer'];
const ann = { subject: 'user:ann' };
const nobody = { subject: 'anonymous' };

describe.each(housings)('sessions on the command line, beside a server on %s', (housing) => {
  let site: Site;
  let server: RunningServer;
  let config: string;
  let env: Record<string, string>;

  const session = (...args: readonly string[]) =>
    runCommand(['--config', config, 'session', ...args], { env });
  const list = async (...args: readonly string[]): Promise<readonly Shown[]> =>
    JSON.parse((await session('list', '--json', ...args)).stdout) as Shown[];

  /** What the trail holds of an event, newest first. */
  const recorded = async (event: string): Promise<readonly AuditRow[]> => {
    const { databaseUrl, dataDir } = site.config;
    const store = await openStore({
      databaseUrl: databaseUrl === null || databaseUrl === undefined ? null : new Secret(databaseUrl),
      dataDir: dataDir ?? '',
      log: silentLog,
      attach: true,
    });
    try {
      return await store.audit.list({ event }, { after: null, limit: 100 });
    } finally {
      await store.close();
    }
  };

  beforeAll(async () => {
    site = await prepareSite(housing);
    server = await startPortcullis(site);
    const { dataDir, databaseUrl, redisUrl, redisPrefix } = site.config;
    config = join(site.policies, '..', 'portcullis.config.ts');
    await writeFile(config, `export default ${JSON.stringify({ redisPrefix })};`);
    env = {
      DATA_DIR: dataDir ?? '',
      POLICY_DIR: site.policies,
      DATABASE_URL: databaseUrl ?? '',
      REDIS_URL: redisUrl ?? '',
    };
    for (const username of ['ann', 'bob', 'cyd'])
      await server.accounts.create({ username, password }, operator);
  }, patience);
  afterAll(async () => {
    await server.close();
    await site.remove();
  });

  test(
    'an operator sees who is logged in, and nothing of it acts on the terminal',
    async () => {
      const client = server.client();
      const login =
        'mutation { login(input: { username: "ann", password: "correct horse battery staple" }) { viewer { subject } } }';
      await client.json('/graphql', { query: login }, { 'user-agent': 'Agent \u009b31m/1.0' });
      await server.loggedIn('bob');
      const { stdout } = await session('list', '--json');
      expect(stdout).not.toMatch(/\u009b|csrf|logoutHint|idHash|"data"/);
      const shown = JSON.parse(stdout) as readonly Shown[];
      expect(shown.map(({ username }) => username).toSorted()).toEqual(['ann', 'bob']);
      expect(shown.find(({ username }) => username === 'ann')).toMatchObject({
        authenticator: 'password',
        address: '127.0.0.1',
        userAgent: expect.stringMatching(/^Agent .*\u009b31m\/1\.0$/),
      });
      const people = await session('list', '--user', 'ANN');
      expect(people.stdout).toMatch(
        /^ID +USER +AUTHENTICATOR +LOGGED IN +LAST USED +ADDRESS +AGENT\n[0-9a-f-]{36} +ann +password +\d{4}-\S+Z +\d{4}-\S+Z +127\.0\.0\.1 +Agent \S*\\u009b31m\/1\.0\n$/,
      );
      expect(people.stdout).not.toContain('\u009b');
      for (const username of ['ann', 'bob']) {
        await server.accounts.endSessions((await server.accounts.byUsername(username)).id, operator);
      }
    },
    patience,
  );

  test(
    'one session is ended by its id, acts at the next request, and is recorded',
    async () => {
      const [one, other] = [await server.loggedIn('ann'), await server.loggedIn('ann')];
      const id = (await list('--user', 'ann'))[1]!.id;
      const ended = await session('end', id);
      expect(ended).toEqual({ code: 0, stdout: 'The session of user:ann has ended.\n', stderr: '' });
      expect([await subjectOf(one), await subjectOf(other)]).toContainEqual(nobody);
      expect([await subjectOf(one), await subjectOf(other)]).toContainEqual(ann);
      const [record] = await recorded('session.ended');
      expect(record).toMatchObject({
        subject: 'operator',
        actorId: null,
        details: { session: id, authenticator: 'password' },
      });
      expect(record?.accountId).toBe((await server.accounts.byUsername('ann')).id);
      expect(await recorded('session.ended')).toHaveLength(1);
    },
    patience,
  );

  test(
    'every session of an account is ended by its name, and is recorded',
    async () => {
      const clients = [await server.loggedIn('ann'), await server.loggedIn('ann')];
      const bystander = await server.loggedIn('bob');
      const ended = await session('end', '--user', 'Ann');
      expect(ended).toEqual({ code: 0, stdout: 'Every session of user:ann has ended.\n', stderr: '' });
      for (const client of clients) expect(await subjectOf(client)).toEqual(nobody);
      expect(await subjectOf(bystander)).toEqual({ subject: 'user:bob' });
      expect((await recorded('account.sessions-ended'))[0]).toMatchObject({
        subject: 'operator',
        accountId: (await server.accounts.byUsername('ann')).id,
      });
    },
    patience,
  );

  test(
    'everybody is logged out only by somebody who says so twice',
    async () => {
      const clients = [
        await server.loggedIn('ann'),
        await server.loggedIn('bob'),
        await server.loggedIn('bob'),
      ];
      const asked = await session('end', '--all');
      expect(asked).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/logs everybody out\. Add --yes .*Nothing was changed/),
      });
      expect(await subjectOf(clients[0]!)).toEqual(ann);
      const before = (await recorded('account.sessions-ended')).length;
      const alive = (await list()).length;
      const ended = await session('end', '--all', '--yes', '--json');
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(ended.stdout)).toEqual({ ended: alive, accounts: 2 });
      for (const client of clients) expect(await subjectOf(client)).toEqual(nobody);
      // One for each account that had any: cyd never logged in.
      expect(await recorded('account.sessions-ended')).toHaveLength(before + 2);
    },
    patience,
  );
});

describe('what can not be done', () => {
  let site: Site;
  let server: RunningServer;
  let env: Record<string, string>;
  beforeAll(async () => {
    site = await prepareSite('embedded');
    server = await startPortcullis(site);
    env = { DATA_DIR: site.config.dataDir ?? '', POLICY_DIR: site.policies };
    await server.accounts.create({ username: 'ann', password }, operator);
  }, patience);
  afterAll(async () => {
    await server.close();
    await site.remove();
  });

  test.each([
    [['end'], /Say which: the id of one session .*--user NAME, or --all/],
    [['end', 'some-id', '--user', 'ann'], /Say which/],
    [['end', '--user', 'nobody'], /No account has that username/],
    [['list', '--user', 'nobody'], /No account has that username/],
    [['end', '00000000-0000-7000-8000-000000000000'], /No session that is alive has that id/],
    [['end', 'no such id'], /No session that is alive has that id/],
  ])(
    'session %j ends with 2 and says what to do',
    async (args, says) => {
      const result = await runCommand(['session', ...args], { env });
      expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) });
      expect(result.stderr).not.toMatch(/\n {4}at /);
    },
    patience,
  );

  test(
    'while Redis is away, sessions can not be listed, and those of an account are ended all the same',
    async () => {
      const away = { ...env, REDIS_URL: 'redis://:seeded-7f3a9c@127.0.0.1:1' };
      const listed = await runCommand(['session', 'list'], { env: away });
      expect(listed).toMatchObject({
        code: 3,
        stdout: '',
        stderr: expect.stringMatching(/^portcullis: Redis at REDIS_URL can't be reached: .*\n$/),
      });
      expect(listed.stderr).not.toContain('seeded');
      const ended = await runCommand(['session', 'end', '--user', 'ann'], { env: away });
      expect(ended).toEqual({ code: 0, stdout: 'Every session of user:ann has ended.\n', stderr: '' });
    },
    patience,
  );
});
