import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import type { Client } from '../http/client.ts';
import { rounds } from '../rounds.ts';
import { housings } from '../system/housings.ts';
import {
  answerOf,
  ask,
  password,
  prepareSite,
  startPortcullis,
  type RunningServer,
  type Site,
} from '../system/start-portcullis.ts';

const WHO = '{ viewer { subject } }';
const USERS = '{ users { edges { node { username } } } }';
const SESSIONS = '{ viewer { sessions { edges { node { id current } } } } }';

/** Administration over HTTP, on one server; where two may share a database, it is seen on the other. */
describe.each(housings)('administration on %s', (housing) => {
  let site: Site;
  let one: RunningServer;
  let two: RunningServer;
  let root: Client;

  beforeAll(async () => {
    site = await prepareSite(housing);
    one = await startPortcullis(site);
    two = housing === 'embedded' ? one : await startPortcullis(site);
    await one.accounts.create({ username: 'root', password, groups: ['superusers'] }, operator);
    root = await one.loggedIn('root');
  });
  afterAll(async () => {
    if (two !== one) await two.close();
    await one.close();
    await site.remove();
  });

  /** The same browser, talking to the other server. */
  const moved = (from: Client): Client => {
    const client = two.client();
    for (const [name, value] of from.jar) client.jar.set(name, value);
    return client;
  };

  async function change(name: string, input: object, asks: string, by = root): Promise<never> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { ${name}(input: $input) { ${asks} } }`;
    const { data, codes } = await answerOf(by, query, { input });
    expect({ name, codes }).toEqual({ name, codes: [] });
    return data![name] as never;
  }
  async function createUser(username: string): Promise<string> {
    const { user }: { user: { id: string } } = await change(
      'createUser',
      { username, password },
      'user { id }',
    );
    return user.id;
  }
  const subjectOf = async (client: Client) =>
    ((await answerOf(client, WHO)).data!['viewer'] as { subject: string }).subject;

  test('who was made with a password logs in with it, and is suspended, let in and deleted', async () => {
    const id = await createUser('ann');
    const there = moved(await one.loggedIn('ann'));
    expect(await subjectOf(there)).toBe('user:ann');

    await change('suspendUser', { id }, 'user { status }');
    expect(await subjectOf(there)).toBe('anonymous');
    await expect(two.loggedIn('ann')).rejects.toThrow(/BAD_CREDENTIALS/);

    await change('reactivateUser', { id }, 'user { status }');
    expect(await subjectOf(there)).toBe('anonymous');
    const again = await two.loggedIn('ann');
    expect(await subjectOf(again)).toBe('user:ann');

    await change('renameUser', { id, username: 'anna' }, 'user { username }');
    expect(await subjectOf(again)).toBe('user:anna');

    await change('deleteUser', { id }, 'user { username }');
    expect(await subjectOf(again)).toBe('anonymous');
    await expect(two.loggedIn('anna')).rejects.toThrow(/BAD_CREDENTIALS/);
  });

  test('C46: what is given and taken acts at the next request, on the other server too', async () => {
    const times: number[] = [];
    await createUser('ben');
    const there = moved(await one.loggedIn('ben'));
    await change('createGroup', { name: 'helpers' }, 'group { name }');
    await change('addGroupMember', { group: 'helpers', member: 'user:ben' }, 'group { name }');
    const codesThere = async (): Promise<readonly unknown[]> => {
      const began = performance.now();
      const { codes } = await answerOf(there, USERS);
      times.push(performance.now() - began);
      return codes;
    };
    for (let round = 0; round < rounds(5, 200); round += 1) {
      const subject = round % 2 === 0 ? 'user:ben' : 'group:helpers';
      const { grant }: { grant: { id: string } } = await change(
        'grantPermission',
        { subject, permission: 'accounts.view_user' },
        'grant { id }',
      );
      expect(await codesThere()).toEqual([]);
      await change('revokePermission', { id: grant.id }, 'grant { subject }');
      expect(await codesThere()).toEqual(['FORBIDDEN']);

      const member = round % 2 === 0 ? 'user:ben' : 'group:helpers';
      await change('addGroupMember', { group: 'support', member }, 'group { name }');
      expect(await codesThere()).toEqual([]);
      await change('removeGroupMember', { group: 'support', member }, 'group { name }');
      expect(await codesThere()).toEqual(['FORBIDDEN']);
    }
    times.sort((a, b) => a - b);
    expect(times[Math.floor(times.length * 0.99)]).toBeLessThan(1_000);
  });

  test('C32: sessions are listed and ended one by one, and all at once', async () => {
    const id = await createUser('cleo');
    const [here, there] = [await one.loggedIn('cleo'), moved(await one.loggedIn('cleo'))];
    const { viewer } = (await answerOf(here, SESSIONS)).data as {
      viewer: { sessions: { edges: { node: { id: string; current: boolean } }[] } };
    };
    const other = viewer.sessions.edges.find(({ node }) => !node.current)!.node.id;
    await change('endSession', { id: other }, 'session { current }', here);
    expect(await subjectOf(there)).toBe('anonymous');
    expect(await subjectOf(here)).toBe('user:cleo');
    await change('endUserSessions', { id }, 'user { id }');
    expect(await subjectOf(here)).toBe('anonymous');
  });

  test('what was done is found in the trail, with where it came from', async () => {
    const source = `{ auditRecords(first: 1, event: "account.created") {
      edges { node { event subject address account { username } } } } }`;
    const found = (await answerOf(root, source)).data;
    expect(found).toEqual({
      auditRecords: {
        edges: [
          {
            node: {
              event: 'account.created',
              subject: 'user:root',
              address: '127.0.0.1',
              account: { username: 'cleo' },
            },
          },
        ],
      },
    });
  });

  test('a logout says where the browser goes on: nowhere, after a password', async () => {
    await createUser('dora');
    const { text } = await ask(
      await one.loggedIn('dora'),
      'mutation { logout { viewer { subject } continueAt { url } } }',
    );
    expect(JSON.parse(text)).toEqual({
      data: { logout: { viewer: { subject: 'anonymous' }, continueAt: null } },
    });
  });
});
