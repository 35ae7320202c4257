import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { inheritedEnvironment } from '../inherited-environment.ts';
import { operator } from '../../src/accounts/actor.ts';
import {
  password,
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
} from '../system/start-portcullis.ts';
import { runCommand } from './run-command.ts';

// Each command is a process of its own: seconds, not milliseconds.
jest.setTimeout(120_000);

const root = resolve(import.meta.dirname, '../..');
let site: Site;
let server: RunningServer;
let env: Record<string, string>;
beforeAll(async () => {
  site = await prepareSite('embedded');
  server = await startPortcullis(site);
  env = { DATA_DIR: site.config.dataDir ?? '', POLICY_DIR: site.policies };
  await server.accounts.create({ username: 'ann', password, groups: ['support'] }, operator);
  await server.accounts.create({ username: 'bob', password }, operator);
  await server.loggedIn('ann');
  await new Promise((done) => setTimeout(done, 300));
});
afterAll(async () => {
  await server.close();
  await site.remove();
});

describe('audit list', () => {
  const list = (...args: string[]) => runCommand(['audit', 'list', ...args], { env });
  test('shows what happened, newest first, to people', async () => {
    const { code, stdout, stderr } = await list();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const moment = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
    const lines = [
      'TIME +EVENT +SUBJECT +ADDRESS +DETAILS',
      `${moment}  login.succeeded  user:ann  127.0.0.1  amr=\\["pwd"\\] aal=1`,
      `${moment}  account.created  operator  -          groups=\\[\\] username=bob account=user:bob`,
      `${moment}  account.created  operator  -          groups=\\["support"\\] username=ann account=user:ann`,
      `${moment}  policy.changed   policy    -          before=null epoch=\\d+ node=\\S+ source=files`,
    ];
    expect(stdout).toMatch(new RegExp(`^${lines.join('\n')}\n$`));
  });

  test('shows to programs all that is known', async () => {
    const { stdout } = await list('--event', 'login.succeeded', '--json');
    const ann = await server.accounts.byUsername('ann');
    expect(JSON.parse(stdout)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        at: expect.stringMatching(/Z$/),
        event: 'login.succeeded',
        subject: 'user:ann',
        actorId: ann.id,
        accountId: ann.id,
        authenticator: 'password',
        sessionId: expect.any(String),
        requestId: expect.any(String),
        address: '127.0.0.1',
        userAgent: null,
        policyVersion: server.policy.current().version,
        count: 1,
        details: { amr: ['pwd'], aal: 1 },
      },
    ]);
  });

  test('is narrowed down by what is asked for, together', async () => {
    const { stdout } = await list('--account', 'Ann', '--subject', 'operator', '--since', '1h', '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ event: 'account.created', details: { username: 'ann' } }]);
  });

  test('says what is wrong with what was typed', async () => {
    const { code, stdout, stderr } = await list('--event', 'login');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('There is no event login.');
  });
});

describe('audit tail', () => {
  let tail: ChildProcess | null = null;
  let output = '';
  afterEach(() => void tail?.kill('SIGKILL'));
  const start = (...args: string[]): void => {
    output = '';
    tail = spawn(process.execPath, ['dist/cli/main.js', 'audit', 'tail', ...args], {
      cwd: root,
      env: {
        ...inheritedEnvironment(),
        NODE_ENV: 'development',
        NODE_OPTIONS: '',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [tail.stdout, tail.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
  };
  const until = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(output)) await new Promise((done) => setTimeout(done, 50));
  };

  test('shows the newest, then what comes, until Ctrl-C ends it in good order', async () => {
    start('--last', '1');
    await until(/login\.succeeded/);
    await server.accounts.changeStatus((await server.accounts.byUsername('bob')).id, 'suspended', operator);
    await until(/account\.suspended/);
    await server.accounts.changeStatus((await server.accounts.byUsername('bob')).id, 'active', operator);
    await until(/account\.reactivated/);
    tail?.kill('SIGINT');
    await once(tail as ChildProcess, 'exit');
    expect(tail?.exitCode).toBe(0);
    const shown = output.split('\n').map((line) => line.split(/ +/).slice(1, 3).join(' '));
    expect(shown).toEqual([
      'login.succeeded user:ann',
      'account.suspended operator',
      'account.reactivated operator',
      '',
    ]);
  });

  test('prints JSON, a record a line, and ends when nobody reads any more', async () => {
    start('--json', '--last', '3');
    await until(/(.*\n){3}/);
    const rows = output.trimEnd().split('\n');
    expect(rows.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
      'login.succeeded',
      'account.suspended',
      'account.reactivated',
    ]);
    const exited = once(tail as ChildProcess, 'exit');
    tail?.stdout?.destroy();
    const bob = await server.accounts.byUsername('bob');
    await server.accounts.endSessions(bob.id, operator);
    await new Promise((done) => setTimeout(done, 1_500));
    await server.accounts.endSessions(bob.id, operator);
    await exited;
    expect(tail?.exitCode).toBe(0);
  });
});
