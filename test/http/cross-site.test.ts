import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, hiddenField } from './client.ts';
import { password, startServer, type TestServer } from './start-server.ts';

const own = 'http://localhost:4000';
const allowed = 'https://app.example.com';
const act = JSON.stringify({ query: 'mutation { act(what: "done") }' });

describe('requests from elsewhere', () => {
  let t: TestServer;
  let ann: Client;
  beforeAll(async () => {
    t = await startServer({ settings: { corsOrigins: [`${allowed}/`] } });
    ann = await t.loggedIn();
  });
  afterAll(() => t.close());

  const json = { 'content-type': 'application/json' };
  const urlencoded = 'application/x-www-form-urlencoded';

  const crossSite: readonly (readonly [string, Record<string, string>, string, number])[] = [
    ['another origin', { ...json, origin: 'https://evil.example' }, act, 403],
    ['the origin null', { ...json, origin: 'null' }, act, 403],
    ['our host over https', { ...json, origin: 'https://localhost:4000' }, act, 403],
    ['our host on another port', { ...json, origin: 'http://localhost:4001' }, act, 403],
    ['an origin that begins like ours', { ...json, origin: `${own}.evil.example` }, act, 403],
    ['a cross-site fetch without an Origin', { ...json, 'sec-fetch-site': 'cross-site' }, act, 403],
    ['a fetch from a neighbour', { ...json, 'sec-fetch-site': 'same-site' }, act, 403],
    ['a site nobody knows', { ...json, 'sec-fetch-site': 'whatever' }, act, 403],
    [
      'our origin, but cross-site',
      { ...json, origin: 'https://x.example', 'sec-fetch-site': 'same-origin' },
      act,
      403,
    ],
    ['text/plain', { 'content-type': 'text/plain' }, act, 415],
    ['no media type', {}, act, 415],
    [
      'a form',
      { 'content-type': urlencoded },
      `query=${encodeURIComponent('mutation { act(what: "x") }')}`,
      415,
    ],
    ['a multipart form', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--', 415],
    ['application/graphql', { 'content-type': 'application/graphql' }, 'mutation { act(what: "x") }', 415],
    ['JSON by a look-alike name', { 'content-type': 'application/jsonp' }, act, 415],
    ['JSON behind text/plain', { 'content-type': 'text/plain; application/json' }, act, 415],
    ['JSON in another charset', { 'content-type': 'application/json; charset=utf-16' }, act, 415],
    ['JSON with a list of types', { 'content-type': 'text/plain, application/json' }, act, 415],
    ['compressed JSON', { ...json, 'content-encoding': 'gzip' }, act, 415],
  ];

  test.each(crossSite)('C61: %s executes nothing at /graphql', async (_name, headers, body, status) => {
    const answer = await ann.send('/graphql', { method: 'POST', headers, body });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({
      errors: [{ extensions: { code: expect.any(String) as unknown } }],
    });
    expect(t.done.executed).toEqual([]);
  });

  test('C61: a mutation by GET executes nothing', async () => {
    const answer = await ann.get(`/graphql?query=${encodeURIComponent('mutation { act(what: "x") }')}`);
    expect(answer.status).toBe(405);
    const linked = await ann.get('/graphql?query=%7Bwhoami%7D', { 'sec-fetch-site': 'cross-site' });
    expect(linked.status).toBe(403);
    expect(t.done.executed).toEqual([]);
  });

  test.each([
    '/GRAPHQL',
    '/Graphql',
    '/graphql/',
    '/graphql//',
    '//graphql',
    '/%67raphql',
    '/graphql%2F',
    '/./graphql',
  ])('C61: %s is no other name of /graphql, which would pass by the checks of that path', async (path) => {
    const query = '?query=%7Bwhoami%7D';
    const asked = await ann.get(`${path}${query}`, {
      'sec-fetch-site': 'cross-site',
      origin: 'https://evil.example',
    });
    expect(asked.status).toBe(404);
    expect(asked.text).not.toContain('user:ann');
    const posted = await ann.send(path, { method: 'POST', headers: json, body: act });
    expect(posted.status).toBe(415);
    expect(t.done.executed).toEqual([]);
  });

  test.each(crossSite.filter(([, headers]) => 'origin' in headers || 'sec-fetch-site' in headers))(
    'C61: %s posts no form, even with the right token',
    async (_name, headers) => {
      const client = t.client();
      const token = hiddenField((await client.get('/login')).text, '_csrf');
      const fields = { _csrf: token, username: 'ann', password };
      const answer = await client.form('/login', fields, { ...headers, 'content-type': urlencoded });
      expect(answer.status).toBe(403);
      expect(client.jar.has('portcullis')).toBe(false);
    },
  );

  test.each(['/login', '/logout', '/setup'])(
    'C61: a form without its browser’s token is refused at %s',
    async (path) => {
      const client = await t.loggedIn();
      const other = hiddenField((await t.client().get('/login')).text, '_csrf');
      const tokens: Record<string, string>[] = [
        {},
        { _csrf: '' },
        { _csrf: other },
        { _csrf: 'x'.repeat(43) },
      ];
      for (const token of tokens) {
        const answer = await client.form(path, { ...token, username: 'ann', password, token: 'x' });
        expect(answer.status).toBe(403);
        expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'CSRF_REJECTED' } });
      }
      expect((await client.get('/')).text).toContain('Hello, ann');
    },
  );

  test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''])(
    'C61: a form sent as %j is a 415',
    async (type) => {
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
      const answer = await t.client().send('/login', { method: 'POST', headers, body: '{}' });
      expect(answer.status).toBe(415);
    },
  );

  test('our own page, a program and an allowed origin may', async () => {
    const friendly: Record<string, string>[] = [
      { origin: own, 'sec-fetch-site': 'same-origin' },
      { 'content-type': 'application/json; charset=UTF-8' },
      {},
      { origin: allowed, 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of friendly) {
      const answer = await ann.send('/graphql', {
        method: 'POST',
        headers: { ...json, ...headers },
        body: act,
      });
      expect(JSON.parse(answer.text)).toEqual({ data: { act: 'done' } });
    }
    expect(t.done.executed).toHaveLength(friendly.length);
    t.done.executed.length = 0;
  });

  test('an allowed origin may call /graphql and post no form', async () => {
    const client = t.client();
    const token = hiddenField((await client.get('/login')).text, '_csrf');
    const answer = await client.form(
      '/login',
      { _csrf: token, username: 'ann', password },
      { origin: allowed },
    );
    expect(answer.status).toBe(403);
  });

  const origins = [
    'null',
    '*',
    'https://evil.example',
    'http://app.example.com',
    'https://app.example.com:444',
    'https://app.example.com.evil.example',
    'https://evilapp.example.com',
    'https://app.example.comevil.example',
    'https://evil.example/https://app.example.com',
    'https://app.example.com@evil.example',
    'https://sub.app.example.com',
    'https://example.com',
    'https://app.example.com/',
    'https://app.example.com ,https://evil.example',
    'HTTPS://APP.EXAMPLE.COM',
    'https://app.example.com%60.evil.example',
    'https://app_example.com',
    'https://appXexample.com',
    'file://',
    'chrome-extension://abcdef',
  ];

  test.each(origins)('C62: %s is told nothing', async (origin) => {
    for (const method of ['POST', 'OPTIONS', 'GET']) {
      const answer = await ann.send('/graphql?query=%7Bwhoami%7D', {
        method,
        headers: { origin, 'access-control-request-method': 'POST', ...(method === 'POST' ? json : {}) },
        ...(method === 'POST' ? { body: act } : {}),
      });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(answer.headers['vary']).toContain('Origin');
      if (method !== 'OPTIONS') expect(answer.status).toBe(403);
    }
    expect(t.done.executed).toEqual([]);
  });

  test('C62: the listed origin is answered by name, at /graphql alone', async () => {
    const preflight = await t.client().send('/graphql', {
      method: 'OPTIONS',
      headers: { origin: allowed, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': allowed,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'Content-Type',
    });
    const refused = await t
      .client()
      .send('/graphql', { method: 'POST', headers: { origin: allowed }, body: act });
    expect(refused.status).toBe(415);
    expect(refused.headers['access-control-allow-origin']).toBe(allowed);
    for (const path of ['/', '/login', '/healthz', '/nothing']) {
      const answer = await t.client().get(path, { origin: allowed });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});
