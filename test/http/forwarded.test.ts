import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hiddenField } from './client.ts';
import { startServer, type TestServer } from './start-server.ts';

let t: TestServer;
beforeAll(async () => {
  t = await startServer();
});
afterAll(() => t.close());

const spoofs = ['203.0.113.1', '10.0.0.1', '127.0.0.1', '::1', 'unknown', '203.0.113.2, 203.0.113.3', ''];

test('C68: without trusted proxies, no forwarded header moves a limiter, a record or a link', async () => {
  const one = await t.another({ attempts: spoofs.length });
  const client = one.client();
  const token = hiddenField((await client.get('/login')).text, '_csrf');
  const fields = { _csrf: token, username: 'ann', password: 'wrong wrong wrong' };
  const statuses: number[] = [];
  for (const spoof of [...spoofs, '203.0.113.99']) {
    const answer = await client.form('/login', fields, {
      'x-forwarded-for': spoof,
      'x-real-ip': spoof,
      forwarded: `for=${spoof}`,
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-request-id': 'chosen-by-the-client',
      host: 'evil.example',
    });
    statuses.push(answer.status);
    expect(answer.text + JSON.stringify(answer.headers)).not.toContain('evil.example');
    expect(answer.headers['x-request-id']).not.toBe('chosen-by-the-client');
  }
  expect(statuses).toEqual([...spoofs.map(() => 401), 429]);
  const requests = t.log.records.filter(({ fields }) => 'event' in fields && fields.event === 'http.request');
  expect(new Set(requests.map(({ fields }) => 'address' in fields && fields.address))).toEqual(
    new Set(['127.0.0.1']),
  );
  await one.close();
});

test('C68: behind a trusted proxy, each client has its own limit, and cannot take another’s', async () => {
  const one = await t.another({ attempts: 2, settings: { trustedProxies: ['127.0.0.0/8'] } });
  const attempt = async (forwardedFor: string) => {
    const client = one.client();
    const headers = { 'x-forwarded-for': forwardedFor, 'x-request-id': 'given-by-the-proxy' };
    const token = hiddenField((await client.get('/login', headers)).text, '_csrf');
    const answer = await client.form(
      '/login',
      { _csrf: token, username: 'ann', password: 'wrong wrong' },
      headers,
    );
    expect(answer.headers['x-request-id']).toBe('given-by-the-proxy');
    return answer.status;
  };
  const statuses: number[] = [];
  for (const spoof of ['198.51.100.9', '1.1.1.1, 198.51.100.9', '203.0.113.5, 198.51.100.9', '198.51.100.10'])
    statuses.push(await attempt(spoof));
  expect(statuses).toEqual([401, 401, 429, 401]);
  await one.close();
});
