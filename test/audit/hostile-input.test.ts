import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { AuditRow } from '../../src/store/contract/audit.ts';
import type { Store } from '../../src/store/store.ts';
import { runCommand } from '../cli/run-command.ts';
import { type Client, hiddenField } from '../http/client.ts';
import {
  ask,
  password,
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
} from '../system/start-portcullis.ts';
import { allRows } from './open-trail.ts';

// Commands are processes of their own.
jest.setTimeout(120_000);

/** What a terminal or a reader of lines would act on. */
const acting = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Surrogate}]/u;
const hostile = [
  '\r\n2026-11-20T09:00:00Z  login.succeeded  user:root',
  '\u001b[2J\u001b[1;31mred\u001b]0;title\u0007',
  '\u009b2J\u0085next',
  '\u2028line\u2029paragraph',
  '\u202eturned\u2066around',
  'a\b\b\u007f\u0000z',
  '\ud800half',
];
const wrongPassword = 'typed-by-mistake-7f3a9c';

let site: Site;
let server: RunningServer;
/** Another process's view of the same data. */
let store: Store;
let env: Record<string, string>;
const secrets = new Set([password, wrongPassword]);
beforeAll(async () => {
  site = await prepareSite('embedded', {
    throttle: {
      perAccountAndNetwork: 100_000,
      perNetwork: 100_000,
      overall: 100_000,
    },
  });
  server = await startPortcullis(site);
  env = { DATA_DIR: site.config.dataDir ?? '', POLICY_DIR: site.policies };
  store = await openStore({
    databaseUrl: null,
    dataDir: site.config.dataDir ?? '',
    log: silentLog,
    attach: true,
  });
  await server.accounts.create({ username: 'root', password, groups: ['superusers'] }, operator);
  await server.accounts.create({ username: 'ann', password }, operator);
});
afterAll(async () => {
  await store.close();
  await server.close();
  await site.remove();
});

const keepSecretsOf = ({ jar }: Client): void => {
  for (const value of jar.values()) secrets.add(value);
};

/** Every way in which a stranger, or an administrator who copies what a stranger wrote, gets text into a record. */
async function sendEverything(text: string): Promise<void> {
  const client = server.client();
  const agent = { 'user-agent': `x${text}`.replace(/[^\t\x20-\x7e\x80-\xff]/g, '') };
  const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { viewer { subject } } }';
  const logIn = (input: object) => client.json('/graphql', { query: LOGIN, variables: { input } }, agent);
  await logIn({ username: `ann${text}`, password: wrongPassword });
  await logIn({ username: 'ann', password: wrongPassword, authenticator: text });
  await logIn({ username: 'ann', password: `${wrongPassword}${text}` });
  const page = server.client();
  const _csrf = hiddenField((await page.get('/login', agent)).text, '_csrf');
  secrets.add(_csrf);
  await page.form('/login', { _csrf, username: `ann${text}`, password: wrongPassword }, agent);
  await page.form('/login', { _csrf, username: 'ann', password }, agent);
  keepSecretsOf(page);
  await client.get(
    `/login/x/callback?error=${encodeURIComponent(Buffer.from(text).toString())}&state=x`,
    agent,
  );

  const root = await server.loggedIn('root');
  keepSecretsOf(root);
  const change = (name: string, type: string, input: object) =>
    ask(root, `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`, { input });
  const name = `eve${Math.random().toString(36).slice(2)}`;
  await change('createUser', 'CreateUserInput', { username: name, name: text });
  await change('createUser', 'CreateUserInput', { username: text });
  await change('createGroup', 'CreateGroupInput', { name: text });
  await change('addGroupMember', 'AddGroupMemberInput', { group: text, member: text });
  await change('addGroupMember', 'AddGroupMemberInput', { group: 'support', member: `user:${text}` });
  await change('grantPermission', 'GrantPermissionInput', { subject: text, permission: text });
  await change('endSession', 'EndSessionInput', { id: text });
  await ask(page, '{ users { edges { node { id } } } }');
  await ask(root, 'mutation { logout { viewer { subject } } }');
}

const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, each]) => [name, ...textsIn(each)])
      : [];

describe('C70, C35: what strangers send', () => {
  let rows: readonly AuditRow[] = [];
  beforeAll(async () => {
    for (const text of hostile) await sendEverything(text);
    await new Promise((resolve) => setTimeout(resolve, 500));
    rows = await allRows(store);
  });

  test('is on record, and acts on nobody who reads the records', () => {
    const events = new Set(rows.map(({ event }) => event));
    for (const event of [
      'login.failed',
      'login.succeeded',
      'logout.succeeded',
      'account.created',
      'decision.denied',
    ]) {
      expect(events).toContain(event);
    }
    expect(rows.length).toBeGreaterThan(hostile.length * 8);
    for (const text of rows.flatMap(textsIn)) expect(text).not.toMatch(acting);
    // The control sequence of one character came in by a header, and is shown.
    expect(rows.some(({ userAgent }) => userAgent?.includes('\\u009b2J') === true)).toBe(true);
  });

  test('leaves no password, session id or token in any record', () => {
    expect(secrets.size).toBeGreaterThan(2 * hostile.length);
    const everything = JSON.stringify(rows);
    for (const secret of secrets) expect(everything).not.toContain(secret);
  });

  test('does not act on the terminal of whoever lists the records', async () => {
    const listed = await runCommand(['audit', 'list', '--limit', '1000'], { env });
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    const lines = listed.stdout.split('\n').slice(0, -1);
    expect(lines).toHaveLength(rows.length + 1);
    for (const line of lines) expect(line).not.toMatch(acting);
    const json = await runCommand(['audit', 'list', '--limit', '1000', '--json'], { env });
    for (const line of json.stdout.split('\n')) expect(line).not.toMatch(acting);
    expect(JSON.parse(json.stdout)).toHaveLength(rows.length);
  });
});
