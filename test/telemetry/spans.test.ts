import { writeFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { operator } from '../../src/accounts/actor.ts';
import { PortcullisError } from '../../src/core/errors.ts';
import { createTracing } from '../../src/telemetry/tracing.ts';
import { hiddenField } from '../http/client.ts';
import {
  answerOf,
  password,
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
} from '../system/start-portcullis.ts';
import { recordSpans } from './record-spans.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

const named = (spans: readonly ReadableSpan[], name: string): ReadableSpan => {
  const found = spans.filter((span) => span.name === name);
  if (found.length !== 1)
    throw new Error(`${found.length} spans ${name} of ${spans.map((span) => span.name).join(', ')}`);
  return found[0]!;
};

describe('spans', () => {
  let spans: ReturnType<typeof recordSpans>;
  let site: Site;
  let server: RunningServer;
  let otherSite: Site;
  let trusting: RunningServer;

  beforeAll(async () => {
    spans = recordSpans();
    site = await prepareSite('embedded');
    server = await startPortcullis(site);
    await server.accounts.create({ username: 'ann', password }, operator);
    otherSite = await prepareSite('embedded', { trustedProxies: ['127.0.0.1'] });
    trusting = await startPortcullis(otherSite);
  });
  afterAll(async () => {
    spans.stop();
    await server.close();
    await trusting.close();
    await site.remove();
    await otherSite.remove();
  });

  test('an operation is a child of its request, each with what the conventions ask for', async () => {
    const client = server.client();
    const ended = await spans.during(() => answerOf(client, 'query Who { viewer { subject } }'));
    const request = named(ended, 'POST /graphql');
    const operation = named(ended, 'query');
    expect(request.kind).toBe(SpanKind.SERVER);
    expect(request.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'http.response.status_code': 200,
      'url.path': '/graphql',
    });
    expect(request.attributes['portcullis.request_id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(operation.attributes).toEqual({
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Who',
    });
    expect(operation.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    expect([request.status.code, operation.status.code]).toEqual([
      SpanStatusCode.UNSET,
      SpanStatusCode.UNSET,
    ]);
  });

  test('a login tells authenticator and outcome, and nothing that was typed', async () => {
    const client = server.client();
    const ended = await spans.during(async () => {
      for (const [index, typed] of [password, 'wrong wrong wrong'].entries()) {
        const page = await client.get(`/login?next=/${index}&token=typed-7f3a9c`);
        const hidden = { _csrf: hiddenField(page.text, '_csrf'), _next: '' };
        await client.form('/login', { ...hidden, username: 'ann-typed', password: typed });
        await client.form('/login', { ...hidden, username: 'ann', password: typed });
      }
    });
    const logins = ended.filter(({ name }) => name === 'login');
    expect(logins.map(({ attributes }) => attributes['portcullis.outcome'])).toContain('succeeded');
    expect(logins.map(({ attributes }) => attributes['portcullis.outcome'])).toContain('refused');
    const told = inspect(
      ended.map(({ name, attributes, events, status, links }) => ({
        name,
        attributes,
        events,
        status,
        links,
      })),
      { depth: 9 },
    );
    for (const secret of [password, 'wrong wrong', 'typed', [...client.jar.values()][0]!])
      expect(told).not.toContain(secret);
    expect(told).toContain("'/login'");
  });

  test('a trace is joined only where a trusted proxy tells of it', async () => {
    const headers = { traceparent };
    const [stranger] = await spans.during(() => server.client().get('/healthz', headers));
    const [proxy] = await spans.during(() => trusting.client().get('/healthz', headers));
    const [malformed] = await spans.during(() =>
      trusting.client().get('/healthz', { traceparent: '00-x-y\u00ff' }),
    );
    expect(stranger?.spanContext().traceId).not.toBe(traceId);
    expect(proxy?.spanContext().traceId).toBe(traceId);
    expect(proxy?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(malformed?.parentSpanContext).toBeUndefined();
  });

  test('a request that no route answers has no name of its own making', async () => {
    const [span] = await spans.during(() => server.client().get(`/nothing/${'x'.repeat(1_000)}`));
    expect(span?.name).toBe('GET');
    expect(String(span?.attributes['url.path'])).toHaveLength(300);
  });

  test('reading the policy anew is a span', async () => {
    const ended = await spans.during(async () => {
      const { version } = server.policy.status();
      await writeFile(join(site.policies, 'more.csv'), 'g, user:ann, group:support\n');
      for (let tries = 0; tries < 100 && server.policy.status().version === version; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
    });
    const load = ended.find(({ name }) => name === 'load policy');
    expect(load?.attributes).toEqual({ 'portcullis.policy.part': 'files' });
  });
});

describe('a failed span', () => {
  test.each([
    [new PortcullisError('UNAVAILABLE', { detail: 'seeded-7f3a9c' }), 'UNAVAILABLE'],
    [new TypeError('relation seeded-7f3a9c'), 'TypeError'],
    ['seeded-7f3a9c', 'string'],
  ])('has the kind of the error and nothing of its text: %p', async (thrown, kind) => {
    const spans = recordSpans();
    const ended = await spans.during(() =>
      createTracing()
        .run('work', {}, () => Promise.reject(thrown as Error))
        .catch(() => undefined),
    );
    spans.stop();
    const { attributes, status, events } = named(ended, 'work');
    expect({ attributes, status, events }).toEqual({
      attributes: { 'error.type': kind },
      status: { code: SpanStatusCode.ERROR },
      events: [],
    });
  });

  test('without an SDK nothing is recorded, and what the work answers or throws comes out', async () => {
    const tracing = createTracing();
    await expect(tracing.run('work', {}, () => Promise.resolve(7))).resolves.toBe(7);
    await expect(tracing.run('work', {}, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
  });
});
