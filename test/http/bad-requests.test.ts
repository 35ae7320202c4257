import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rounds } from '../rounds.ts';
import { type Client, hiddenField } from './client.ts';
import { seededSecret, startServer, type TestServer } from './start-server.ts';

/** Writes bytes as they are, and reads until the server hangs up or the time is over. */
const raw = (
  t: TestServer,
  chunks: readonly (string | Buffer)[],
  options: { gapMs?: number; waitMs?: number } = {},
) =>
  new Promise<{ text: string; closedAfter: number | null }>((resolve) => {
    const startedAt = performance.now();
    const socket = connect(t.address.port, t.address.address);
    let text = '';
    const finish = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, closedAfter: closed ? performance.now() - startedAt : null });
    };
    const timer = setTimeout(() => {
      finish(false);
    }, options.waitMs ?? 1_500);
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      finish(true);
    });
    void (async () => {
      for (const chunk of chunks) {
        if (socket.destroyed) return;
        socket.write(chunk);
        await wait(options.gapMs ?? 0);
      }
    })();
  });

const host = 'Host: localhost\r\n';
const statusOf = (text: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);

let t: TestServer;
let ann: Client;
beforeAll(async () => {
  t = await startServer({ patience: { headers: 1_000, request: 2_000 } });
  ann = await t.loggedIn();
});
afterAll(() => t.close());

describe('requests that nobody should send', () => {
  const isUp = async (): Promise<void> => {
    expect((await t.client().get('/readyz')).status).toBe(200);
  };

  const posts = { method: 'POST', headers: { 'content-type': 'application/json' } } as const;
  const ofSize = (bytes: number): string => {
    const shell = JSON.stringify({ query: '{ whoami }', extensions: { pad: '' } });
    return shell.replace('""', `"${'x'.repeat(bytes - shell.length)}"`);
  };

  test('C65: a body of just the limit is taken, and one byte more is a 413', async () => {
    expect((await ann.send('/graphql', { ...posts, body: ofSize(100_000) })).status).toBe(200);
    const answer = await ann.send('/graphql', { ...posts, body: ofSize(100_001) });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toMatchObject({
      errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }],
    });
    const form = await ann.form('/login', { username: 'x'.repeat(100_001) });
    expect(form.status).toBe(413);
  });

  test('C65: a body without an end is a 413 once it is past the limit, and its sender is cut off', async () => {
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const head = `POST /graphql HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const { text, closedAfter } = await raw(t, [head, ...Array.from({ length: 200 }, () => chunk)], {
      gapMs: 10,
      waitMs: 6_000,
    });
    expect(statusOf(text)).toBe(413);
    expect(closedAfter).not.toBeNull();
    expect(closedAfter).toBeLessThan(4_000);
  });

  test('C65: an announced giant is refused before it is sent', async () => {
    const head = `POST /graphql HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 25000000\r\n\r\n`;
    const { text } = await raw(t, [head, 'x'.repeat(10)], { waitMs: 500 });
    expect(statusOf(text)).toBe(413);
  });

  test('C65: a header that comes drop by drop is cut', async () => {
    const drops = Array.from({ length: 100 }, (_, drop) => `X-${drop}: a\r\n`);
    const { text, closedAfter } = await raw(t, [`GET / HTTP/1.1\r\n${host}`, ...drops], {
      gapMs: 100,
      waitMs: 5_000,
    });
    expect(statusOf(text)).toBe(408);
    expect(closedAfter).toBeLessThan(3_500);
  });

  test('C65: a body that comes drop by drop is cut', async () => {
    const head = `POST /graphql HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n`;
    const { closedAfter } = await raw(t, [head, ...Array.from({ length: 100 }, () => 'x')], {
      gapMs: 100,
      waitMs: 6_000,
    });
    expect(closedAfter).not.toBeNull();
    expect(closedAfter).toBeLessThan(4_500);
  });

  test('C65: a crowd of slow clients keeps nobody else waiting', async () => {
    const slow = Array.from({ length: rounds(50, 500) }, () =>
      raw(
        t,
        [`POST /graphql HTTP/1.1\r\n${host}Content-Length: 50\r\nContent-Type: application/json\r\n\r\n{`],
        {
          waitMs: 800,
        },
      ),
    );
    const startedAt = performance.now();
    await isUp();
    expect(performance.now() - startedAt).toBeLessThan(700);
    await Promise.all(slow);
  });

  test.each([
    [
      'a negative length',
      `POST /graphql HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: -1\r\n\r\n`,
    ],
    ['two lengths', `POST /graphql HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    [
      'a length and chunks',
      `POST /graphql HTTP/1.1\r\n${host}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
    ],
    ['no HTTP at all', '\u0016\u0003\u0001\u0000\u0000 hello\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['a method nobody knows', `BREW / HTTP/1.1\r\n${host}\r\n`],
    ['a header of 100 kB', `GET / HTTP/1.1\r\n${host}X-Big: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['10,000 headers', `GET / HTTP/1.1\r\n${host}${'X: y\r\n'.repeat(10_000)}\r\n`],
    ['a line feed in a header', `GET / HTTP/1.1\r\n${host}X-A: a\rb\r\n\r\n`],
    ['a path of 50 kB', `GET /${'a'.repeat(50_000)} HTTP/1.1\r\n${host}\r\n`],
    ['a NUL in the path', `GET /\u0000 HTTP/1.1\r\n${host}\r\n`],
  ])('C71: %s is refused, and the server stays', async (_name, bytes) => {
    const { text } = await raw(t, [bytes], { waitMs: 300 });
    expect(statusOf(text)).toBeGreaterThanOrEqual(400);
    expect(statusOf(text)).toBeLessThan(500);
    await isUp();
  });

  test.each([
    ['GET', '/%'],
    ['GET', '/%ff'],
    ['GET', '/%00'],
    ['GET', '/assets/%E0%A4%A'],
    ['GET', '/..%2f..%2fetc/passwd'],
    ['GET', '/assets/../../package.json'],
    ['GET', '//'],
    ['GET', '//evil.example/%'],
    ['GET', '/login?next=%'],
    ['GET', '/login?next[]=a&next=b'],
    ['GET', '/login?__proto__=x'],
    ['GET', '/setup?token=a&token=b'],
    ['GET', '/setup'],
    ['GET', 'http://[::1'],
    ['GET', 'http://evil.example/'],
    ['GET', '/graphql'],
    ['GET', '/graphql?query=%'],
    ['GET', '/graphql?variables={'],
    ['HEAD', '/login'],
    ['HEAD', '/graphql'],
    ['OPTIONS', '/login'],
    ['OPTIONS', '*'],
    ['DELETE', '/'],
    ['PUT', '/graphql'],
    ['PATCH', '/login'],
    ['TRACE', '/'],
    ['PROPFIND', '/'],
    ['POST', '/nothing'],
  ])('C71: %s %s gets an answer of its own, and the server stays', async (method, path) => {
    const { text } = await raw(t, [`${method} ${path} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`]);
    expect(statusOf(text)).toBeGreaterThanOrEqual(200);
    expect(statusOf(text)).toBeLessThan(500);
    expect(text).not.toMatch(/ at .*\.(ts|js|mjs):\d+/);
    await isUp();
  });

  test('C71: an upgrade to a WebSocket and a CONNECT open nothing', async () => {
    const upgrade = `GET /graphql HTTP/1.1\r\n${host}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n`;
    expect(statusOf((await raw(t, [upgrade], { waitMs: 300 })).text)).toBeLessThan(500);
    expect(statusOf((await raw(t, [upgrade], { waitMs: 300 })).text)).not.toBe(101);
    const { text } = await raw(t, [`CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n`], { waitMs: 300 });
    expect(statusOf(text)).not.toBe(200);
    await isUp();
  });

  test('C71: clients that leave in the middle leave nothing behind', async () => {
    const partial = [
      'GET',
      `GET / HTTP/1.1\r\n${host}`,
      `POST /graphql HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"query`,
      `GET /login HTTP/1.1\r\n${host}\r\n`,
    ];
    await Promise.all(
      Array.from({ length: rounds(100, 1_000) }, (_, at) =>
        raw(t, [partial[at % partial.length]!], { waitMs: at % 30 }),
      ),
    );
    await isUp();
  });

  test.each([
    '',
    'null',
    '7',
    '"text"',
    '[]',
    '[{"query":"{ whoami }"}]',
    '{}',
    '{"query":null}',
    '{"query":7}',
    '{"query":["{ whoami }"]}',
    '{"query":{"toString":"x"}}',
    '{"query":"{ whoami }","variables":"x"}',
    '{"query":"{ whoami }","variables":[1]}',
    '{"query":"{ whoami }","operationName":{}}',
    '{"query":"{ whoami }","extensions":7}',
    '{"query":"{"}',
    '{"query":"{ whoami }"',
    '{"__proto__":{"query":"{ whoami }"}}',
    '\u0000',
    '['.repeat(40_000),
  ])('JSON of the wrong shape is a 400 that says so: %j', async (body) => {
    const headers = { ...posts.headers, accept: 'application/graphql-response+json' };
    const answer = await ann.send('/graphql', { ...posts, headers, body });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ message: expect.any(String) as unknown }] });
    expect(answer.text).not.toMatch(/\.(ts|js|mjs):\d/);
  });

  test('a body that is not UTF-8 is a 400', async () => {
    const body = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    expect((await ann.send('/graphql', { ...posts, body })).status).toBe(400);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await ann.send('/login', { method: 'POST', headers, body })).status).toBe(400);
  });

  test('a field sent twice is a 400, and no guess', async () => {
    const client = t.client();
    const token = hiddenField((await client.get('/login')).text, '_csrf');
    const answer = await client.send('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `_csrf=${token}&username=ann&password=a&password=b`,
    });
    expect(answer.status).toBe(400);
  });

  test('C66: what a resolver throws is masked, and logged with the request’s id', async () => {
    const answer = await ann.json('/graphql', { query: '{ fail }' });
    expect(answer.text).not.toContain(seededSecret);
    expect(answer.text).not.toMatch(/passwords|relation|stack/);
    expect(t.log.text()).toContain(seededSecret);
    const id = String(answer.headers['x-request-id']);
    expect(JSON.stringify(t.log.records)).toContain(id);
  });
});

test.each(['production', 'development'] as const)(
  'C66: what the server itself throws is masked in %s, on pages and as JSON',
  async (mode) => {
    const one = await t.another({
      settings: { mode },
      change: (needs) => ({
        ...needs,
        setup: { ...needs.setup, isValid: () => Promise.reject(new Error(`secret ${seededSecret}`)) },
        store: { ...needs.store, check: () => Promise.reject(new Error(`secret ${seededSecret}`)) },
      }),
    });
    const client = one.client();
    for (const accept of ['text/html', 'application/json', '*/*']) {
      const answer = await client.get('/setup?token=x', { accept });
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain(seededSecret);
      expect(answer.text).not.toMatch(/ at .*:\d+/);
      expect(answer.text).toContain(String(answer.headers['x-request-id']));
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    }
    const ready = await client.get('/readyz');
    expect([ready.status, ready.text]).toEqual([503, '{"status":"unavailable"}']);
    expect((await client.get('/healthz')).status).toBe(200);
    expect(t.log.text()).toContain(seededSecret);
    await one.close();
  },
);
