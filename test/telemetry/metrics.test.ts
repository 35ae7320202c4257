import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import { OperatorError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { createMetricsListener } from '../../src/telemetry/metrics-listener.ts';
import { logbook } from '../http/logbook.ts';
import { housings } from '../system/housings.ts';
import {
  answerOf,
  ask,
  password,
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
} from '../system/start-portcullis.ts';
import { readMetrics, type Sample, sumOf } from './read-metrics.ts';

describe.each(housings)('the metrics of a server on %s', (housing) => {
  let site: Site;
  let server: RunningServer;

  beforeAll(async () => {
    site = await prepareSite(housing, { metrics: { port: 0 } });
    await writeFile(join(site.policies, 'more.csv'), 'g, user:sue, group:support\n');
    server = await startPortcullis(site);
    for (const username of ['ann', 'ben', 'sue'])
      await server.accounts.create({ username, password }, operator);
  });
  afterAll(async () => {
    await server.close();
    await site.remove();
  });

  const read = () => readMetrics(server.metricsPort ?? 0);
  /** What the work added to each sum. */
  async function added(work: () => Promise<unknown>): Promise<typeof sumOf> {
    const before = await read();
    await work();
    const after = await read();
    return (_samples: readonly Sample[], name, labels = {}) =>
      sumOf(after, name, labels) - sumOf(before, name, labels);
  }
  const none: readonly Sample[] = [];

  test('count every decision that is acted upon, by effect and reason', async () => {
    const client = server.client();
    const sum = await added(async () => {
      expect((await answerOf(client, '{ viewer { subject kind } }')).codes).toEqual([]);
      expect((await answerOf(client, '{ users { edges { node { id } } } }')).codes).toEqual([
        'UNAUTHENTICATED',
      ]);
    });
    const name = 'portcullis_decisions_total';
    // Query.viewer, Viewer.subject, Viewer.kind; then Query.users, which a guardrail denies.
    expect(sum(none, name, { effect: 'allow', reason: 'allowed' })).toBe(3);
    expect(sum(none, name, { effect: 'deny' })).toBe(1);
    expect(sum(none, name, { effect: 'deny', reason: 'denied-by-rule' })).toBe(1);
    expect(sum(none, 'portcullis_graphql_errors_total', { code: 'UNAUTHENTICATED' })).toBe(1);
    expect(sum(none, 'portcullis_graphql_operation_duration_seconds_count', { type: 'query' })).toBe(2);
  });

  test('count a denied column once for each row, and a denied mutation, which never ran', async () => {
    const sue = await server.loggedIn('sue');
    const denied: number[] = [];
    const sum = await added(async () => {
      const rows = '{ users { edges { node { username grants { edges { node { id } } } } } } }';
      const mutation = 'mutation { createGroup(input: { name: "x" }) { group { name } } }';
      for (const query of [rows, mutation]) {
        const { errors } = JSON.parse((await ask(sue, query)).text) as {
          errors: { extensions: { code: string; count: number } }[];
        };
        expect(errors.map(({ extensions }) => extensions.code)).toContain('FORBIDDEN');
        denied.push(...errors.map(({ extensions }) => extensions.count));
      }
    });
    // One error stands for both rows: the third is her own.
    expect(denied[0]).toBe(2);
    const all = denied.reduce((total, count) => total + count, 0);
    expect(sum(none, 'portcullis_decisions_total', { effect: 'deny' })).toBe(all);
    expect(sum(none, 'portcullis_graphql_errors_total')).toBe(denied.length);
  });

  test('count logins by authenticator and outcome, whatever name a client asks for', async () => {
    const login = 'mutation ($input: LoginInput!) { login(input: $input) { viewer { subject } } }';
    const client = server.client();
    const sum = await added(async () => {
      await server.loggedIn('ann');
      await ask(client, login, { input: { username: 'ann', password: 'wrong wrong wrong' } });
      for (const authenticator of ['nobody', 'x"} 1\nevil_total{a="b', '__proto__'])
        await ask(client, login, { input: { username: 'ann', password, authenticator } });
    });
    const name = 'portcullis_logins_total';
    expect(sum(none, name, { authenticator: 'password', outcome: 'succeeded' })).toBe(1);
    expect(sum(none, name, { authenticator: 'any', outcome: 'refused' })).toBe(1);
    expect(sum(none, name, { authenticator: 'none', outcome: 'refused' })).toBe(3);
    expect((await read()).map((sample) => sample.name)).not.toContain('evil_total');
  });

  test('measure requests by route, never by what a client wrote', async () => {
    const client = server.client();
    const sum = await added(async () => {
      await client.get('/login');
      for (let index = 0; index < 20; index += 1) {
        await client.get(`/nothing-${index}`);
        await client.send('/login', { method: `PATCH` });
        await answerOf(client, `query Name${index} { viewer { subject } }`);
      }
    });
    const count = 'portcullis_http_request_duration_seconds_count';
    expect(sum(none, count, { route: '/login', method: 'GET', status: '200' })).toBe(1);
    expect(sum(none, count, { route: 'none', method: 'GET', status: '404' })).toBe(20);
    expect(sum(none, count, { method: '_OTHER', status: '405' })).toBe(20);
    expect(sum(none, count, { route: '/graphql', method: 'POST' })).toBe(20);
    const values = new Set((await read()).flatMap(({ labels }) => Object.values(labels)));
    expect([...values].filter((value) => /nothing-|Name\d|PATCH/.test(value))).toEqual([]);
    expect(sumOf(await read(), 'portcullis_http_requests_in_progress')).toBe(0);
  });

  test('tell which policy decides, and count a refusal of another', async () => {
    const { version } = server.policy.status();
    expect(sumOf(await read(), 'portcullis_policy_info', { version, source: 'files' })).toBe(1);
    expect(sumOf(await read(), 'portcullis_policy_refused_findings')).toBe(0);
    const bad = join(site.policies, 'bad.csv');
    const sum = await added(async () => {
      await writeFile(bad, 'p, group:support, accounts.view_user, *, alow\n');
      await until(async () => sumOf(await read(), 'portcullis_policy_refused_findings') > 0);
    });
    expect(sum(none, 'portcullis_policy_refusals_total')).toBe(1);
    expect(sumOf(await read(), 'portcullis_policy_info', { version, source: 'last-good' })).toBe(1);
    expect(sumOf(await read(), 'portcullis_policy_last_refusal_timestamp_seconds')).toBeGreaterThan(1e9);
    await rm(bad);
    await until(async () => sumOf(await read(), 'portcullis_policy_info', { source: 'files' }) === 1);
    await appendFile(join(site.policies, 'more.csv'), 'g, user:tom, group:support\n');
    await until(() => Promise.resolve(server.policy.status().version !== version));
    const info = (await read()).filter(({ name }) => name === 'portcullis_policy_info');
    expect(info).toHaveLength(1);
    const refusals = sumOf(await read(), 'portcullis_policy_refusals_total');
    expect(refusals).toBe(1);
  });

  test('tell how busy the queues and the connections are', async () => {
    const samples = await read();
    expect(sumOf(samples, 'portcullis_database_connections_max')).toBe(10);
    expect(sumOf(samples, 'portcullis_database_connections')).toBeGreaterThan(0);
    expect(sumOf(samples, 'portcullis_audit_queue_capacity_records')).toBe(10_000);
    expect(sumOf(samples, 'portcullis_audit_failing_since_seconds')).toBe(0);
    expect(sumOf(samples, 'portcullis_hashing_queue_capacity')).toBe(64);
    expect(samples.map(({ name }) => name)).toContain('nodejs_eventloop_lag_p99_seconds');
  });

  test('are not on the port that everybody can reach', async () => {
    expect((await server.client().get('/metrics')).status).toBe(404);
    const names = await (await fetch(`http://127.0.0.1:${server.metricsPort}/`)).text();
    expect(names).not.toContain('portcullis_');
  });
});

test('a server without a port for them serves no metrics', async () => {
  const site = await prepareSite('embedded');
  const server = await startPortcullis(site);
  expect(server.metricsPort).toBeNull();
  await server.close();
  await site.remove();
});

describe('the listener of metrics', () => {
  const open = (port: number, render = () => Promise.resolve({ contentType: 'text/plain', text: 'a 1\n' })) =>
    createMetricsListener({ host: '127.0.0.1', port, render, log: silentLog });

  test('answers /metrics to GET and HEAD, and nothing else', async () => {
    const listener = open(0);
    const { port } = await listener.listen();
    const at = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });
    expect(await (await at('/metrics')).text()).toBe('a 1\n');
    expect(await (await at('/metrics?x=y')).text()).toBe('a 1\n');
    expect([(await at('/metrics', 'HEAD')).status, (await at('/metrics', 'POST')).status]).toEqual([
      200, 405,
    ]);
    expect([(await at('/')).status, (await at('/metrics/')).status, (await at('/readyz')).status]).toEqual([
      404, 404, 404,
    ]);
    await listener.close();
  });

  test('says so where they cannot be read, and stays up', async () => {
    const log = logbook();
    const render = () => Promise.reject(new Error('a gauge threw'));
    const listener = createMetricsListener({ host: '127.0.0.1', port: 0, render, log });
    const { port } = await listener.listen();
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect([answer.status, (await answer.text()).includes('gauge')]).toEqual([500, false]);
    expect(log.text()).toContain('a gauge threw');
    await listener.close();
  });

  test('says which setting to change where its port is taken', async () => {
    const first = open(0);
    const { port } = await first.listen();
    const second = open(port);
    const refused = second.listen();
    await expect(refused).rejects.toThrow(OperatorError);
    await expect(refused).rejects.toThrow(/127\.0\.0\.1:\d+ \(EADDRINUSE\)\. Give another METRICS_PORT/);
    await second.close();
    await first.close();
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 5_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error('It never came to that.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
