import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import {
  answerOf,
  password,
  prepareSite,
  startPortcullis,
  type RunningServer,
  type Site,
} from '../system/start-portcullis.ts';
import { runCommand } from './run-command.ts';

// Each command is a process of its own: seconds, not milliseconds.
const patience = 120_000;
const users = '{ users { edges { node { username } } } }';

describe('grants on the command line, beside a running server', () => {
  let site: Site;
  let server: RunningServer;
  let env: Record<string, string>;
  const run = (...args: readonly string[]) => runCommand(args, { env });

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

  test(
    'an operator grants a permission and takes it away again: a live session has it at its next request',
    async () => {
      const client = await server.loggedIn('ann');
      expect((await answerOf(client, users)).codes).toEqual(['FORBIDDEN']);
      expect(await run('grant', 'user:Ann', 'accounts.view_user')).toEqual({
        code: 0,
        stdout: 'user:ann now has accounts.view_user.\n',
        stderr: '',
      });
      expect((await answerOf(client, users)).codes).toEqual([]);

      const again = await run('grant', 'user:ann', 'accounts.view_user', '--json');
      expect(JSON.parse(again.stdout)).toMatchObject({ subject: 'user:ann', changed: false, by: 'operator' });
      expect((await run('grants')).stdout).toMatch(
        /^ID +SUBJECT +PERMISSION +ACTION +BY +AT\n\S+ +user:ann +accounts\.view_user +\* +operator +\S+\n$/,
      );

      expect(await run('revoke', 'user:ann', 'accounts.view_user')).toMatchObject({
        code: 0,
        stdout: 'user:ann no longer has accounts.view_user by a grant.\n',
      });
      expect((await answerOf(client, users)).codes).toEqual(['FORBIDDEN']);
    },
    patience,
  );

  test(
    'a group is made, granted to by action, revoked from by id, and deleted',
    async () => {
      expect((await run('group', 'create', 'watchers')).stdout).toBe('Made group:watchers.\n');
      const made = await run('grant', 'group:watchers', 'accounts.view_user', '--action', 'read', '--json');
      const { id } = JSON.parse(made.stdout) as { id: string };
      expect((await run('revoke', '--id', id)).stdout).toBe(
        'group:watchers no longer has accounts.view_user (read) by a grant.\n',
      );
      expect((await run('group', 'delete', 'group:watchers')).stdout).toBe('group:watchers is gone.\n');
    },
    patience,
  );

  test(
    'an account is renamed, and keeps its password',
    async () => {
      await server.accounts.create({ username: 'bob', password }, operator);
      expect(await run('user', 'rename', 'bob', 'Robert', '--name', 'Robert')).toMatchObject({
        code: 0,
        stdout: 'user:bob is now user:robert, Robert.\n',
      });
      const client = await server.loggedIn('robert');
      expect((await answerOf(client, '{ viewer { subject } }')).data).toEqual({
        viewer: { subject: 'user:robert' },
      });
    },
    patience,
  );

  test.each([
    [['grant', 'user:ann', 'accounts.view_users'], 2, /Did you mean accounts\.view_user\?/],
    [['grant', 'ann', 'accounts.view_user'], 2, /user:<name> or group:<name>/],
    [['grant', 'user:ann', 'accounts.view_user', '--action', 'execute'], 2, /read, write, subscribe or \*/],
    [['revoke', 'user:ann', 'accounts.view_group'], 2, /Nobody granted .*"portcullis grants"/],
    [['revoke', 'user:ann'], 2, /a subject and a permission, or --id/],
    [['group', 'delete', 'support'], 2, /groups\.csv:\d+/],
    [['group', 'create', 'support'], 2, /a group of that name already/],
    [['user', 'rename', 'ann'], 2, /new username/],
  ] as const)(
    '%j ends with %d and says what to do',
    async (args, code, says) => {
      const result = await run(...args);
      expect(result.code).toBe(code);
      expect(result.stderr).toMatch(says);
      expect(result.stderr + result.stdout).not.toMatch(/\n {4}at /);
    },
    patience,
  );
});
