import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hiddenField } from './client.ts';
import { comeBack, findSentTo, pressLink, throughProvider } from './redirecting-browser.ts';
import { startWithProviders, type WithProviders } from './server-with-providers.ts';
import { password } from './start-server.ts';

let w: WithProviders;
beforeAll(async () => {
  w = await startWithProviders();
});
afterAll(() => w.close());

test('whoever finds or steals a session that is older than 15 minutes adds no login of theirs to it', async () => {
  w.newcomer();
  const { t, acme } = w;
  const client = await t.loggedIn();
  t.clock.advance(16 * 60_000);
  const asked = acme.asked.length;
  const answer = await pressLink(client, 'acme');
  expect(answer.status).toBe(403);
  expect(answer.text).toContain('Log in again below, then link it.');
  expect(answer.text).toContain('href="/login?next=%2Faccount"');
  expect(findSentTo(answer)).toBeNull();
  expect(acme.asked).toHaveLength(asked);

  const page = await client.get('/login?next=%2Faccount');
  const hidden = { _csrf: hiddenField(page.text, '_csrf'), _next: hiddenField(page.text, '_next') };
  await client.form('/login', { ...hidden, username: 'ann', password });
  const linked = await comeBack(client, await throughProvider(acme, await pressLink(client, 'acme')));
  expect([linked.status, linked.headers['location']]).toEqual([303, '/account?after=linked']);
});
