import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, createClient, hiddenField } from './client.ts';
import { password, startServer, type TestServer } from './start-server.ts';

/** Everything a browser can make the server set or clear a cookie with. */
async function walk(t: TestServer): Promise<{ client: Client; lines: string[]; secrets: string[] }> {
  const lines: string[] = [];
  const secrets: string[] = [password, 'wrong wrong wrong'];
  const client = createClient(t.address);
  const keep = <T extends { setCookies: readonly string[] }>(answer: T): T => {
    lines.push(...answer.setCookies);
    for (const line of answer.setCookies) {
      const value = /^[^=]+=([^;]+);/.exec(line)?.[1];
      if (value !== undefined) secrets.push(value);
    }
    return answer;
  };
  const token = async (path: string): Promise<string> => {
    const found = hiddenField(keep(await client.get(path)).text, '_csrf');
    secrets.push(found);
    return found;
  };
  const logIn = { username: 'ann', password };
  const bad = { username: 'ann', password: 'wrong wrong wrong' };
  keep(await client.form('/login', { _csrf: await token('/login'), ...bad }));
  keep(await client.form('/login', { _csrf: 'wrong', ...logIn }));
  keep(await client.form('/login', { _csrf: await token('/login'), ...logIn }));
  keep(await client.form('/login', { _csrf: await token('/login?next=/'), ...logIn }));
  keep(await client.json('/graphql', { query: '{ whoami }' }));
  keep(await client.form('/logout', { _csrf: await token('/') }));
  const query = `mutation { login(username: "ann", password: "${password}") }`;
  keep(await client.json('/graphql', { query }));
  keep(await client.json('/graphql', { query: 'mutation { logout }' }));
  const link = await t.setup.issue();
  secrets.push(link ?? '');
  const setupPage = keep(await client.get(`/setup?token=${link}`));
  const first = {
    _csrf: hiddenField(setupPage.text, '_csrf'),
    token: link ?? '',
    username: 'root',
    name: '',
    password,
  };
  keep(await client.form('/setup', { ...first, password: 'short' }));
  const made = keep(await client.form('/setup', first));
  expect([made.status, made.headers['location']]).toEqual([303, '/login?after=setup']);
  const again = keep(await client.form('/setup', first));
  expect(again.status).toBe(404);
  expect((await client.get(`/setup?token=${link}`, { accept: 'text/html' })).text).toContain('used already');
  return { client, lines, secrets: secrets.filter((secret) => secret !== '') };
}

describe.each([
  ['https://login.example.com', '__Host-portcullis', true],
  ['http://localhost:4000', 'portcullis', false],
])('with PUBLIC_URL %s', (publicUrl, name, secure) => {
  let t: TestServer;
  let walked: Awaited<ReturnType<typeof walk>>;
  beforeAll(async () => {
    t = await startServer({ settings: { publicUrl: new URL(publicUrl) } });
    walked = await walk(t);
  });
  afterAll(() => t.close());

  test('C29: every Set-Cookie is marked as it must be', () => {
    const names = new Set(walked.lines.map((line) => line.split('=')[0]));
    expect(names).toEqual(new Set([name, `${name}-visitor`]));
    expect(walked.lines.length).toBeGreaterThan(8);
    for (const line of walked.lines) {
      const attributes = line.toLowerCase().split(/;\s*/).slice(1);
      expect(attributes).toContain('httponly');
      expect(attributes).toContain('samesite=lax');
      expect(attributes).toContain('path=/');
      expect(attributes.includes('secure')).toBe(secure);
      expect(attributes.filter((attribute) => attribute.startsWith('domain'))).toEqual([]);
      expect(line.length).toBeLessThan(4_096);
    }
  });

  test('C29: the session cookie ends with the browser', () => {
    const begun = walked.lines.filter((line) => new RegExp(`^${name}=[^;]`).test(line));
    expect(begun).toHaveLength(3);
    for (const line of begun) expect(line).not.toMatch(/expires|max-age/i);
  });

  test('C35: no session id, token, one-time link or password is in a log', () => {
    expect(walked.secrets.length).toBeGreaterThan(10);
    const text = t.log.text();
    expect(text).toContain('/setup');
    for (const secret of walked.secrets) expect(text).not.toContain(secret);
  });

  test('C35: no session id or token is in a URL or an error', async () => {
    const client = await t.loggedIn();
    const id = client.jar.get(name)!;
    for (const path of ['/', '/login', '/nothing', '/setup?token=wrong', '/graphql?query={']) {
      for (const accept of ['text/html', 'application/json']) {
        const answer = await client.get(path, { accept });
        expect(answer.text).not.toContain(id);
        expect(JSON.stringify(answer.headers)).not.toContain(id);
        expect(answer.text).not.toMatch(/(href|action)="[^"]*(token|csrf|session)=/);
      }
    }
  });

  test('every page carries the security headers; HSTS over https alone', async () => {
    for (const path of ['/', '/login', '/nothing', '/healthz', '/setup?token=wrong']) {
      const { headers } = await t.client().get(path, { accept: 'text/html' });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'strict-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['strict-transport-security'] !== undefined).toBe(secure);
    }
  });

  test('malformed session cookies are nobody, and never a 500', async () => {
    for (const value of [
      '',
      '"',
      '%',
      'x'.repeat(5_000),
      '../..',
      '\u00ff'.repeat(43),
      '{}',
      'a=b',
      `${'a'.repeat(43)}x`,
    ]) {
      const answer = await t.client().get('/', { cookie: `${name}=${value}; ${name}-visitor=${value}` });
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('You are not logged in');
    }
  });
});
