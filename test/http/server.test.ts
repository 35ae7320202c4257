import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PortcullisError } from '../../src/core/errors.ts';
import { startServer, type TestServer } from './start-server.ts';

let t: TestServer;
beforeAll(async () => {
  t = await startServer({ settings: { mode: 'development' } });
});
afterAll(() => t.close());

describe('a server in development', () => {
  test('GraphiQL is served from here alone, with a policy of its own', async () => {
    const page = await t.client().get('/graphiql');
    expect(page.status).toBe(200);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self'");
    const urls = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(urls).toHaveLength(3);
    for (const url of urls) {
      const asset = await t.client().get(url);
      expect(asset.status).toBe(200);
      expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
    expect(page.text).not.toMatch(/https?:\/\//);
    expect(page.text).not.toMatch(/<script>/);
  });

  test('the home page says who you are, what you count as, and which policy decides', async () => {
    const visitor = await t.client().get('/');
    expect(visitor.text).toContain('<code>anonymous</code>');
    expect(visitor.text).toMatch(/sha256-[0-9a-f]{16}/);
    expect(visitor.text).toContain('href="/graphiql"');
    const client = await t.loggedIn();
    expect((await client.get('/')).text).toMatch(/<code>authenticated<\/code>\s*<code>everyone<\/code>/);
  });

  test('an empty answer is no answer: a 415 keeps its status and body (trap: Koa body before status)', async () => {
    const answer = await t
      .client()
      .send('/graphql', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' });
    expect(answer.status).toBe(415);
    expect(answer.text).toContain('UNSUPPORTED_MEDIA_TYPE');
  });

  test('events of a subscription arrive, and stop when the client leaves', async () => {
    const events = await new Promise<string>((resolve, reject) => {
      const outgoing = request(
        {
          host: t.address.address,
          port: t.address.port,
          path: '/graphql',
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        },
        (incoming) => {
          let text = '';
          incoming.on('data', (data: Buffer) => {
            text += data.toString();
            if (text.split('"ticks"').length > 3) {
              incoming.destroy();
              resolve(text);
            }
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(JSON.stringify({ query: 'subscription { ticks }' }));
    });
    expect(events).toContain('{"data":{"ticks":1}}');
    expect((await t.client().get('/healthz')).status).toBe(200);
  });
});

test('GraphiQL is not there in production', async () => {
  const one = await t.another();
  expect((await one.client().get('/graphiql')).status).toBe(404);
  expect((await one.client().get('/')).text).not.toContain('graphiql');
  await one.close();
});

test('a database that does not answer is a 503 that clears no cookie; health and assets are still served', async () => {
  let down = false;
  const unavailable = () => Promise.reject(new PortcullisError('UNAVAILABLE', { retryAfter: 2 }));
  const one = await t.another({
    change: (needs) => ({
      ...needs,
      store: { ...needs.store, check: () => (down ? unavailable() : needs.store.check()) },
      sessions: {
        ...needs.sessions,
        load: (...args) => (down ? unavailable() : needs.sessions.load(...args)),
      },
    }),
  });
  const client = await one.loggedIn();
  const style = /href="(\/assets\/[^"]+css)"/.exec((await client.get('/')).text)?.[1] ?? '';
  down = true;
  const page = await client.get('/', { accept: 'text/html' });
  expect([page.status, page.headers['retry-after'], page.setCookies]).toEqual([503, '2', []]);
  expect(page.text).toContain('Not available');
  expect((await client.json('/graphql', { query: '{ whoami }' })).status).toBe(503);
  expect((await client.get('/readyz')).status).toBe(503);
  expect((await client.get('/healthz')).status).toBe(200);
  expect((await client.get(style)).status).toBe(200);
  down = false;
  expect((await client.get('/')).text).toContain('Hello, ann');
  await one.close();
});

test('a server whose sessions do not answer is not ready, though its database is (Redis was not asked)', async () => {
  const sessions = { ...t.store.sessions, load: () => Promise.reject(new PortcullisError('UNAVAILABLE')) };
  const one = await t.another({ change: (needs) => ({ ...needs, sessions }) });
  expect((await one.client().get('/readyz')).status).toBe(503);
  await one.close();
});

test('a policy that cannot be brought up to date decides nothing: 503', async () => {
  const one = await t.another({
    change: (needs) => ({
      ...needs,
      policy: { ...needs.policy, atEpoch: () => Promise.reject(new PortcullisError('UNAVAILABLE')) },
    }),
  });
  expect((await one.client().json('/graphql', { query: '{ whoami }' })).status).toBe(503);
  await one.close();
});

test('closing finishes what is in flight, takes nothing new, and cuts what does not end', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const one = await t.another({
    patience: { drain: 1_500 },
    change: (needs) => ({ ...needs, store: { ...needs.store, check: () => held } }),
  });
  const inFlight = one.client().get('/readyz');
  const endless = new Promise<string>((resolve) => {
    const outgoing = request(
      {
        host: one.address.address,
        port: one.address.port,
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      },
      (incoming) => {
        incoming.on('data', () => undefined);
        incoming.on('error', () => undefined);
        incoming.on('close', () => {
          resolve('cut');
        });
      },
    );
    outgoing.on('error', () => undefined);
    outgoing.end(JSON.stringify({ query: 'subscription { ticks }' }));
  });
  await wait(300);
  const startedAt = performance.now();
  const closed = one.server.close();
  await wait(100);
  await expect(one.client().get('/healthz')).rejects.toThrow(/ECONNREFUSED/);
  release();
  const answer = await inFlight;
  expect([answer.status, answer.headers['connection']]).toEqual([200, 'close']);
  expect(await endless).toBe('cut');
  await closed;
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  await one.close();
});
