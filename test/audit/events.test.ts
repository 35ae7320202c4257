import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { parse, validate } from 'graphql';
import { operator } from '../../src/accounts/actor.ts';
import type { ForeignIdentity } from '../../src/accounts/foreign-identity.ts';
import { auditEvents, findEvents } from '../../src/audit/events.ts';
import { parseSettings } from '../../src/config/load-config.ts';
import { silentLog } from '../../src/core/log.ts';
import { originWithoutRequest } from '../../src/core/origin.ts';
import { type Foundation, openFoundation } from '../../src/foundation.ts';
import { buildGuardedSchema } from '../../src/graphql/build-schema.ts';
import { coreModules } from '../../src/graphql/modules/core-modules.ts';
import type { AuditRow } from '../../src/store/contract/audit.ts';
import {
  answerOf,
  ask,
  password,
  prepareSite,
  root as repository,
  type RunningServer,
  type Site,
  startPortcullis,
} from '../system/start-portcullis.ts';
import { allRows } from './open-trail.ts';

jest.setTimeout(120_000);

const read = (name: string): string => readFileSync(join(repository, name), 'utf8');

test('docs/audit.md lists every event with its sentence, and no other', () => {
  const [, table = ''] = /<!-- events -->([^]*)<!-- \/events -->/.exec(read('docs/audit.md')) ?? [];
  const rows = [...table.matchAll(/^\| `([^`]+)` *\| (.*?) *\|$/gm)].map(([, event, sentence]) => [
    event,
    sentence,
  ]);
  expect(rows).toEqual(Object.entries(auditEvents));
});

test('what docs/audit.md asks by GraphQL can be asked', () => {
  const schema = buildGuardedSchema(coreModules);
  const examples = [...read('docs/audit.md').matchAll(/```graphql\n([^]*?)```/g)].map(
    ([, source = '']) => source,
  );
  expect(examples.length).toBeGreaterThan(0);
  for (const source of examples) expect(validate(schema, parse(source))).toEqual([]);
});

test('every event is recorded somewhere', () => {
  const folder = resolve(repository, 'src');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== join('audit', 'events.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const silent = Object.keys(auditEvents).filter(
    (event) => !sources.some((text) => text.includes(`'${event}'`)),
  );
  expect(silent).toEqual([]);
});

test('events are found by whole name, or by first word and dot', () => {
  expect(findEvents('login.failed')).toEqual([{ event: 'login.failed', sentence: 'A login was refused.' }]);
  expect(findEvents('login.').map(({ event }) => event)).toEqual([
    'login.succeeded',
    'login.failed',
    'login.throttled',
  ]);
  for (const none of ['login', '', '.', 'log', 'constructor', 'login.failed.'])
    expect(findEvents(none)).toEqual([]);
});

describe('on a whole server', () => {
  let site: Site;
  let server: RunningServer;
  /** The same data, as a command beside the server sees it. */
  let beside: Foundation;
  let rows: readonly AuditRow[] = [];

  beforeAll(async () => {
    site = await prepareSite('embedded', {
      throttle: { perAccountAndNetwork: 3 },
      attributes: { department: 'string' },
    });
    server = await startPortcullis(site);
    beside = await openFoundation(parseSettings(site.config, repository), {
      role: 'command',
      log: silentLog,
    });
    await useEverything();
    await beside.audit.close();
    const wanted = Object.keys(auditEvents).length - 1;
    for (const end = performance.now() + 20_000; performance.now() < end;) {
      rows = await allRows(beside.store);
      if (new Set(rows.map(({ event }) => event)).size >= wanted) break;
      await new Promise((done) => setTimeout(done, 100));
    }
  });
  afterAll(async () => {
    await beside.close();
    await server.close();
    await site.remove();
  });

  const change = async (by: Parameters<typeof ask>[0], name: string, input: object): Promise<void> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { ${name}(input: $input) { __typename } }`;
    expect(await answerOf(by, query, { input })).toMatchObject({ codes: [] });
  };
  const logIn = (username: string, typed: string) =>
    ask(server.client(), 'mutation ($input: LoginInput!) { login(input: $input) { viewer { subject } } }', {
      input: { username, password: typed },
    });

  async function useEverything(): Promise<void> {
    const { accounts, identities } = beside;
    const root = await accounts.create({ username: 'root', password, groups: ['superusers'] }, operator);
    const ann = await accounts.create({ username: 'ann', password }, operator);
    await accounts.setPassword(ann.id, password, operator);
    await accounts.changeAttributes(ann.id, { department: 'sales' }, operator);
    await accounts.removeFromGroup('superusers', 'user:root', operator).catch(() => undefined);

    for (const typed of ['wrong', 'wrong', 'wrong', 'wrong']) await logIn('ann', typed);
    const boss = await server.loggedIn('root');
    await ask(server.client(), '{ users { edges { node { id } } } }');
    await change(boss, 'renameUser', { id: ann.id, name: 'Ann Archer' });
    await change(boss, 'suspendUser', { id: ann.id });
    await change(boss, 'reactivateUser', { id: ann.id });
    await change(boss, 'createGroup', { name: 'choir' });
    await change(boss, 'addGroupMember', { group: 'choir', member: 'user:ann' });
    await change(boss, 'removeGroupMember', { group: 'choir', member: 'user:ann' });
    await change(boss, 'grantPermission', { subject: 'group:choir', permission: 'policy.view' });
    const [grant] = await beside.store.grants.list();
    await change(boss, 'revokePermission', { id: grant?.id });
    await change(boss, 'deleteGroup', { name: 'choir' });
    const other = await server.loggedIn('root');
    const mine = '{ viewer { sessions { edges { node { id current } } } } }';
    const { data } = await answerOf(boss, mine);
    const sessions = (
      data as { viewer: { sessions: { edges: { node: { id: string; current: boolean } }[] } } }
    ).viewer;
    const elsewhere = sessions.sessions.edges.find(({ node }) => !node.current);
    await change(boss, 'endSession', { id: elsewhere?.node.id });
    expect((await answerOf(other, '{ viewer { subject } }')).data).toEqual({
      viewer: { subject: 'anonymous' },
    });
    await change(boss, 'endUserSessions', { id: ann.id });
    await change(boss, 'deleteUser', { id: ann.id });

    const origin = originWithoutRequest('anonymous');
    const identity: ForeignIdentity = {
      issuer: 'https://op.example',
      subject: '1',
      label: 'zoe@op.example',
      username: 'zoe',
      name: 'Zoe',
      email: null,
      groups: ['choir'],
      attributes: {},
    };
    const how = { authenticator: 'op', provision: true, origin };
    await identities.logIn(identity, how);
    const email = { address: 'ann@example.org', verified: true };
    await identities.logIn({ ...identity, groups: ['support'], email }, how);
    const stolen = { ...identity, subject: '2', username: 'root' };
    await expect(identities.logIn(stolen, how)).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
    await identities.link({ ...identity, subject: '3' }, { authenticator: 'op', userId: root.id, origin });
    const linked = (await beside.store.identities.ofUsers([root.id])).get(root.id)?.[0];
    await identities.unlink(linked?.id ?? '', operator);

    await ask(boss, 'mutation { logout { viewer { subject } } }');
    await writeFile(join(site.policies, 'bad.csv'), 'p, group:superusers\n');
  }

  test('everything that can happen is on record', () => {
    const seen = new Set(rows.map(({ event }) => event));
    // What is lost is told of where the database is away: dead-sink.test.ts.
    expect(Object.keys(auditEvents).filter((event) => !seen.has(event))).toEqual(['audit.lost']);
    expect([...seen].filter((event) => !(event in auditEvents))).toEqual([]);
  });

  test('what a request did says which request, from where, and under which policy', () => {
    const byRequest = rows.filter(({ subject }) => subject === 'user:root');
    expect(byRequest.length).toBeGreaterThan(10);
    for (const row of byRequest) {
      expect(row).toMatchObject({
        actorId: expect.any(String),
        authenticator: 'password',
        sessionId: expect.any(String),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        address: '127.0.0.1',
        policyVersion: expect.stringMatching(/^sha256-/),
      });
    }
  });

  test('whatever was done to an account is found by the account, after it is gone, too', async () => {
    const ann = rows.find(
      ({ event, details }) => event === 'account.created' && details['username'] === 'ann',
    );
    const about = await beside.store.audit.list({ about: ann?.accountId ?? '' }, { after: null, limit: 100 });
    expect(about.map(({ event }) => event).reverse()).toEqual([
      'account.created',
      'account.password-set',
      'account.attributes-changed',
      'login.failed',
      'login.failed',
      'login.failed',
      'account.renamed',
      'account.suspended',
      'account.reactivated',
      'group.member-added',
      'group.member-removed',
      'account.sessions-ended',
      'account.deleted',
    ]);
  });
});
