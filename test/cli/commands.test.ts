import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
  answerOf,
} from '../system/start-portcullis.ts';
import { runCommand } from './run-command.ts';

const root = resolve(import.meta.dirname, '../..');
const password = 'correct horse battery staple';

// Each command is a process of its own: seconds, not milliseconds.
const patience = 120_000;

describe('beside a running server on the embedded store', () => {
  let site: Site;
  let server: RunningServer;
  let env: Record<string, string>;

  beforeAll(async () => {
    site = await prepareSite('embedded');
    server = await startPortcullis(site);
    env = { DATA_DIR: site.config.dataDir ?? '', POLICY_DIR: site.policies };
  }, patience);

  afterAll(async () => {
    await server.close();
    await site.remove();
  });

  test(
    'an operator makes an account from a script, and its owner logs in',
    async () => {
      const made = await runCommand(
        ['user', 'create', 'Ann', '--name', 'Ann Archer', '--group', 'writers', '--password-stdin', '--json'],
        {
          env,
          input: `${password}\n`,
        },
      );
      expect(made).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(made.stdout)).toMatchObject({
        username: 'ann',
        name: 'Ann Archer',
        status: 'active',
      });
      const client = await server.loggedIn('ann');
      expect((await answerOf(client, '{ viewer { subject groups { name } } }')).data).toEqual({
        viewer: { subject: 'user:ann', groups: [{ name: 'writers' }] },
      });
    },
    patience,
  );

  test(
    'a group given on the command line acts at the next request of a live session',
    async () => {
      const client = await server.loggedIn('ann');
      const users = '{ users { edges { node { username } } } }';
      expect((await answerOf(client, users)).codes).toEqual(['FORBIDDEN']);
      const added = await runCommand(['group', 'add', 'support', 'user:ann'], { env });
      expect(added).toEqual({ code: 0, stdout: 'user:ann is now in group:support.\n', stderr: '' });
      expect((await answerOf(client, users)).codes).toEqual([]);
      await runCommand(['group', 'remove', 'support', 'user:ann'], { env });
      expect((await answerOf(client, users)).codes).toEqual(['FORBIDDEN']);
    },
    patience,
  );

  test(
    'lists are for people, and with --json for programs',
    async () => {
      const people = await runCommand(['user', 'list'], { env });
      expect(people.stdout).toMatch(/^USERNAME +NAME +STATUS +GROUPS\nann +Ann Archer +active +writers\n$/);
      const programs = await runCommand(['group', 'list', '--json'], { env });
      expect(JSON.parse(programs.stdout)).toContainEqual({ group: 'support', members: ['group:lead'] });
    },
    patience,
  );

  test(
    'a new password and a suspension end the live session',
    async () => {
      for (const args of [
        ['set-password', 'ann', '--password-stdin'],
        ['suspend', 'ann'],
      ]) {
        await runCommand(['user', 'reactivate', 'ann'], { env });
        const client = await server.loggedIn('ann');
        expect(await runCommand(['user', ...args], { env, input: password })).toMatchObject({
          code: 0,
          stderr: '',
        });
        expect((await answerOf(client, '{ viewer { subject } }')).data).toEqual({
          viewer: { subject: 'anonymous' },
        });
      }
    },
    patience,
  );

  test(
    'explains nothing of a suspended account as if it could log in: the server lets it act as nobody',
    async () => {
      await runCommand(['user', 'suspend', 'ann'], { env });
      const explained = await runCommand(['policy', 'explain', 'user:ann', 'Query.viewer'], { env });
      expect(explained).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/suspended.*anonymous/),
      });
      await runCommand(['user', 'reactivate', 'ann'], { env });
    },
    patience,
  );

  test(
    'explains a no, rule by rule, and its exit code says no',
    async () => {
      const no = await runCommand(['policy', 'explain', 'user:ann', 'Query.users'], { env });
      expect(no.code).toBe(1);
      expect(no.stdout).toContain('user:ann on Query.users: DENY.');
      expect(no.stdout).toMatch(/groups\.csv:\d+ +allow +group:support +accounts\.view_user +no/);
      const yes = await runCommand(['policy', 'explain', 'anonymous', 'Query.viewer', '--json'], { env });
      expect(yes.code).toBe(0);
      expect(JSON.parse(yes.stdout)).toMatchObject({ effect: 'allow' });
    },
    patience,
  );

  test(
    'explains what it takes for given, and asks of the address that it is told',
    async () => {
      const rules = join(String(env['POLICY_DIR']), 'office.csv');
      await writeFile(rules, `p, user:ann, Query.policy, *, allow, "in_network(r.ctx, '10.0.0.0/8')"\n`);
      const ask = ['policy', 'explain', 'user:ann', 'Query.policy'];
      const nowhere = await runCommand(ask, { env });
      expect(nowhere).toMatchObject({ code: 1, stdout: expect.stringMatching(/'10\.0\.0\.0\/8'\) failed/) });
      expect(nowhere.stdout).toMatch(/as if user:ann had just logged in, .*--address/);
      const office = await runCommand([...ask, '--address', '10.1.2.3'], { env });
      expect(office).toMatchObject({ code: 0, stdout: expect.stringMatching(/ALLOW.*from 10\.1\.2\.3\./s) });
      await rm(rules);
    },
    patience,
  );

  test.each([
    [['policy', 'explain', 'anonymous', 'Query.policy', '--address', 'office'], 2, /IPv4 or IPv6 address/],
    [['user', 'create', 'a b', '--no-password'], 2, /username/i],
    [['user', 'create', 'bob', '--password-stdin'], 2, /no password on standard input/],
    [['user', 'suspend', 'nobody'], 2, /No account has that username/],
    [['group', 'add', 'Support', 'user:ann'], 2, /group/i],
    [['policy', 'explain', 'ann', 'Query.users'], 2, /user:<name> or anonymous/],
    [['policy', 'explain', 'anonymous', 'Query.nothing'], 2, /no field "Query\.nothing"/],
    [['serve'], 3, /already uses the data directory/],
    [['frobnicate'], 2, /unknown command/],
    [['--config', 'missing.ts', 'user', 'list'], 3, /There is no configuration file/],
  ] as const)(
    '%j ends with %d and says what to do',
    async (args, code, says) => {
      const result = await runCommand(args, { env });
      expect(result.code).toBe(code);
      expect(result.stderr).toMatch(says);
      expect(result.stderr + result.stdout).not.toMatch(/\n {4}at /);
    },
    patience,
  );
});

describe('with no server', () => {
  let folder: string;
  let env: Record<string, string>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portcullis-cli-'));
    await cp(join(root, 'policies'), join(folder, 'policies'), { recursive: true });
    env = { DATA_DIR: join(folder, 'data'), POLICY_DIR: join(folder, 'policies') };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test(
    'migrates a new data directory, once',
    async () => {
      const first = await runCommand(['migrate', '--json'], { env });
      expect((JSON.parse(first.stdout) as { migrations: string[] }).migrations.length).toBeGreaterThan(0);
      expect(await runCommand(['migrate'], { env })).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Nothing to do'),
      });
    },
    patience,
  );

  test(
    'checks the policy without a database, and shows file, line and remedy of what is wrong',
    async () => {
      const good = await runCommand(['policy', 'check'], { env });
      expect(good).toMatchObject({ code: 0, stdout: expect.stringMatching(/^0 errors, \d+ warnings?\.$/m) });
      const file = join(folder, 'policies/groups.csv');
      const line = (await readFile(file, 'utf8')).split('\n').length;
      await appendFile(file, 'g, ann, group:support\n');
      const bad = await runCommand(['policy', 'check'], { env });
      expect(bad.code).toBe(1);
      expect(bad.stdout).toContain(`groups.csv:${line}: error`);
      const json = await runCommand(['policy', 'check', '--json'], { env });
      expect(JSON.parse(json.stdout)).toContainEqual(
        expect.objectContaining({ file: 'groups.csv', line, severity: 'error' }),
      );
    },
    patience,
  );

  test(
    'refuses to start on bad settings, and lists all of them at once',
    async () => {
      const result = await runCommand(['serve'], {
        env: { ...env, PORT: 'http', LOG_LEVEL: 'loud', PUBLIC_URL: 'localhost', SECRETS: 'short' },
      });
      expect(result.code).toBe(3);
      for (const name of ['PORT', 'LOG_LEVEL', 'PUBLIC_URL', 'SECRETS'])
        expect(result.stderr).toContain(name);
    },
    patience,
  );

  test(
    "prints the structural rows of the configured modules alone: the core's stand in a file already",
    async () => {
      const structureOf = async (...args: readonly string[]) =>
        (await runCommand([...args, 'policy', 'structure'], { env })).stdout;
      const read = (path: string) => readFile(join(root, path), 'utf8');
      expect(await structureOf()).toBe(await read('policies/structure.csv'));
      expect(await structureOf('--config', 'examples/notes/portcullis.config.ts')).toBe(
        await read('examples/notes/policies/notes-structure.csv'),
      );
    },
    patience,
  );

  test(
    'refuses production without secrets, and an http origin that is not this machine',
    async () => {
      const secretless = await runCommand(['serve'], { env: { ...env, NODE_ENV: 'production' } });
      expect(secretless).toMatchObject({ code: 3, stderr: expect.stringContaining('SECRETS') });
      const open = await runCommand(['serve'], { env: { ...env, PUBLIC_URL: 'http://login.example.com' } });
      expect(open).toMatchObject({ code: 3, stderr: expect.stringContaining('PUBLIC_URL') });
    },
    patience,
  );

  test(
    'refuses a setting that does not exist',
    async () => {
      const config = join(folder, 'portcullis.config.ts');
      await writeFile(config, 'export default { sessoins: {} };\n');
      const result = await runCommand(['--config', config, 'config', 'show'], { env });
      expect(result).toMatchObject({ code: 3, stderr: expect.stringContaining('sessoins') });
    },
    patience,
  );

  test(
    'shows its settings with secrets hidden',
    async () => {
      const secret = 'a-secret-that-nobody-may-ever-read-x';
      const shown = await runCommand(['config', 'show'], {
        env: { ...env, SECRETS: secret, DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:5432/x' },
      });
      expect(JSON.parse(shown.stdout)).toMatchObject({ secrets: ['[secret]'], databaseUrl: '[secret]' });
      expect(shown.stdout).not.toMatch(/hunter2|a-secret-that/);
    },
    patience,
  );

  test(
    'says so where the database can not be reached',
    async () => {
      const result = await runCommand(['user', 'list'], {
        env: { ...env, DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/x' },
      });
      expect(result.code).toBe(3);
      expect(result.stderr).toMatch(/DATABASE_URL/);
      expect(result.stderr).not.toContain('hunter2');
    },
    patience,
  );
});
