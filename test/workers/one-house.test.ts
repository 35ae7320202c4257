import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { housings } from '../system/housings.ts';
import { answerOf } from '../system/start-portcullis.ts';
import { readMetrics, sumOf } from '../telemetry/read-metrics.ts';
import { askAll, prepareWorkers, type Served, until, type WorkersSite } from './serve-workers.ts';

// Processes that start on a machine that is busy with other tests.
const patience = 120_000;
const WHO = '{ viewer { subject } }';
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { viewer { kind } } }';
const USERS = '{ users { edges { node { username } } } }';
const answer = (data: unknown, codes: readonly string[] = []) =>
  JSON.stringify({ ...(data as object), codes });
const said = (subject: string) => answer({ viewer: { subject } });

describe.each(housings)('two workers on %s', (housing) => {
  let site: WorkersSite;
  let served: Served;
  beforeAll(async () => {
    site = await prepareWorkers(housing);
    served = await site.serve();
  }, patience);
  afterAll(() => site.remove(), patience);

  test('what is to be done once is done once: the link, the banner, `started`', async () => {
    expect(served.output().match(/Portcullis is ready\./g)).toHaveLength(1);
    expect(served.output()).toMatch(/Workers +2 processes/);
    expect(await site.started()).toEqual([served.workers().get(1)]);
    // Somebody is a superuser already: `started` made one, and so there is no link.
    expect(served.output()).not.toContain('/setup?token=');
  });

  test('a login on one is known on all, and so is the logout', async () => {
    const ann = await served.loggedIn('ann');
    expect(await askAll(served, ann, WHO)).toEqual([said('user:ann'), said('user:ann')]);
    const kept = new Map(ann.jar);
    await answerOf(ann, 'mutation { logout { viewer { subject } } }');
    for (const [name, value] of kept) ann.jar.set(name, value);
    expect(await askAll(served, ann, WHO)).toEqual([said('anonymous'), said('anonymous')]);
  });

  test('C26: a suspension acts on all workers at the next request', async () => {
    const root = await served.loggedIn('root');
    const { data } = await answerOf(root, '{ users { edges { node { id username } } } }');
    const { users } = data as { users: { edges: { node: { id: string; username: string } }[] } };
    const id = users.edges.map(({ node }) => node).find(({ username }) => username === 'ben')?.id;
    for (let round = 0; round < 5; round += 1) {
      const ben = await served.loggedIn('ben');
      const kept = new Map(ben.jar);
      const suspend = 'mutation ($id: ID!) { suspendUser(input: { id: $id }) { user { status } } }';
      expect((await answerOf(root, suspend, { id })).codes).toEqual([]);
      for (let turn = 0; turn < 4; turn += 1) {
        for (const [name, value] of kept) ben.jar.set(name, value);
        expect((await answerOf(ben, WHO)).data).toEqual({ viewer: { subject: 'anonymous' } });
      }
      const reactivate = 'mutation ($id: ID!) { reactivateUser(input: { id: $id }) { user { status } } }';
      expect((await answerOf(root, reactivate, { id })).codes).toEqual([]);
    }
  });

  test('C46: a membership acts on all workers at the next request, given or taken', async () => {
    const root = await served.loggedIn('root');
    const ann = await served.loggedIn('ann');
    const input = { input: { group: 'support', member: 'user:ann' } };
    const change = (name: string, type: string) =>
      answerOf(root, `mutation ($input: ${type}!) { ${name}(input: $input) { group { name } } }`, input);
    for (let round = 0; round < 10; round += 1) {
      expect((await change('addGroupMember', 'AddGroupMemberInput')).codes).toEqual([]);
      for (let turn = 0; turn < 3; turn += 1) expect((await answerOf(ann, USERS)).codes).toEqual([]);
      expect((await change('removeGroupMember', 'RemoveGroupMemberInput')).codes).toEqual([]);
      for (let turn = 0; turn < 3; turn += 1)
        expect((await answerOf(ann, USERS)).codes).toEqual(['FORBIDDEN']);
    }
  });

  test('failed logins are counted together: who tries on every worker is slowed down as on one', async () => {
    const stranger = served.client();
    const input = { username: 'nobody-here', password: 'not the password at all' };
    const codes: unknown[] = [];
    for (let turn = 0; turn < 8; turn += 1) codes.push(...(await answerOf(stranger, LOGIN, { input })).codes);
    expect(codes).toEqual([...Array<string>(6).fill('BAD_CREDENTIALS'), 'THROTTLED', 'THROTTLED']);
  });

  test('an edit of the policy is seen by all, and a bad one is refused by each', async () => {
    const groups = join(site.policies, 'groups.csv');
    const good = await readFile(groups, 'utf8');
    const ann = await served.loggedIn('ann');
    const denied = answer({ users: null }, ['FORBIDDEN']);
    expect(await askAll(served, ann, USERS)).toEqual([denied, denied]);
    await appendFile(groups, 'g, user:ann, group:support\n');
    await until('the edit on both', async () => !(await askAll(served, ann, USERS)).includes(denied));
    const before = served.output().length;
    await writeFile(groups, `${good}g, user:ann\n`);
    const refusing = () =>
      new Set(
        [
          ...served
            .output()
            .slice(before)
            .matchAll(/"worker":(\d),"event":"policy.kept"/g),
        ].map(([, of]) => of),
      );
    await until('the refusal of both', () => refusing().size === 2);
    expect(await askAll(served, ann, USERS)).not.toContain(denied);
    await writeFile(groups, good);
    await until('the good one again', async () => {
      const answers = await askAll(served, ann, USERS);
      return answers.every((each) => each === denied);
    });
  });

  test('the metrics of all are one, and every line of a worker says whose it is', async () => {
    const requests = (samples: Awaited<ReturnType<typeof readMetrics>>) =>
      sumOf(samples, 'portcullis_http_request_duration_seconds_count', { route: '/graphql' });
    const before = requests(await readMetrics(served.metricsPort));
    for (let turn = 0; turn < 10; turn += 1) await answerOf(served.client(), WHO);
    const samples = await readMetrics(served.metricsPort);
    expect(requests(samples) - before).toBe(10);
    expect(sumOf(samples, 'portcullis_policy_info')).toBe(1);
    expect(sumOf(samples, 'portcullis_database_connections_max')).toBe(20);
    const lines = served
      .output()
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.includes('"event":"http.request"'));
    const whose = lines.map((line) => (JSON.parse(line) as { worker?: number }).worker);
    expect(new Set(whose)).toEqual(new Set([1, 2]));
  });
});
