import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from './open-browser.ts';
import { type RunningDemo, startServer } from './running-demo.ts';

let demo: RunningDemo;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  [demo, browser] = await Promise.all([startServer('examples/notes/portcullis.config.ts'), openBrowser()]);
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' && message.location().url.startsWith(demo.url))
      complaints.push(message.text());
  });
});

afterAll(async () => {
  await browser.close();
  await demo.stop();
});

/** With SCREENSHOTS set to a folder, keeps a picture there: the README's are made so. */
async function picture(name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: join(resolve(folder), `${name}.png`) });
}

/** What the API answers to this browser: with its cookies, beside its pages, which may run no script. */
async function query(text: string): Promise<{ data: Record<string, unknown>; errors?: unknown }> {
  const response = await context.request.post(`${demo.url}/graphql`, { data: { query: text } });
  return (await response.json()) as { data: Record<string, unknown> };
}

const mine =
  '{ viewer { subject groups { name } authentication { authenticator } } users { edges { node { username } } } }';

async function signInAtAcme(username: string): Promise<void> {
  await page.waitForURL(`${demo.provider}/**`);
  await picture('acme');
  await page.getByLabel('Acme name').fill(username);
  await page.getByLabel('Acme password').fill('portcullis-demo');
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function logOutAtBothEnds(): Promise<void> {
  await page.goto(demo.url);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.waitForURL(`${demo.provider}/**`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${demo.url}/`);
  await page.getByRole('heading', { name: 'You are not logged in' }).waitFor();
}

test('the login page offers a password and the provider', async () => {
  await page.goto(`${demo.url}/login`);
  await page.getByLabel('Username').waitFor();
  await page.getByRole('button', { name: 'Log in with Acme' }).waitFor();
  await picture('login');
});

test('ann logs in by password, links Acme to her account, and its claims put her into support', async () => {
  await page.getByLabel('Username').fill('ann');
  await page.getByLabel('Password').fill('portcullis-demo');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('heading', { name: 'Hello, ann' }).waitFor();
  expect(await query(mine)).toMatchObject({
    data: { viewer: { subject: 'user:ann', authentication: { authenticator: 'password' } }, users: null },
    errors: [{ extensions: { code: 'FORBIDDEN', coordinate: 'Query.users' } }],
  });

  await page.goto(`${demo.url}/account`);
  await page.getByRole('button', { name: 'Link Acme' }).click();
  await signInAtAcme('ann.archer');
  await page.waitForURL(`${demo.url}/account**`);
  await page.getByText('ann.archer@acme.example').waitFor();
  await picture('account');

  const { data, errors } = await query(mine);
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    viewer: { subject: 'user:ann', groups: expect.arrayContaining([{ name: 'support' }]) },
    users: { edges: expect.arrayContaining([{ node: { username: 'ben' } }]) },
  });
});

test('ann logs out here; logged in by Acme, she is the same ann, and logs out at both ends', async () => {
  await page.goto(demo.url);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('link', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log in with Acme' }).click();
  // She is signed in at Acme still: nothing is asked.
  await page.getByRole('heading', { name: 'Hello, ann' }).waitFor();
  expect(await query(mine)).toMatchObject({
    data: { viewer: { subject: 'user:ann', authentication: { authenticator: 'acme' } } },
  });
  await logOutAtBothEnds();
  expect(await query('{ viewer { subject } }')).toEqual({ data: { viewer: { subject: 'anonymous' } } });

  // At Acme too: it asks who this is.
  await page.goto(`${demo.url}/login`);
  await page.getByRole('button', { name: 'Log in with Acme' }).click();
  await page.waitForURL(`${demo.provider}/**`);
  await page.getByLabel('Acme name').waitFor();
});

test('somebody whom only Acme knows gets an account at the first login, with the groups that the claims say', async () => {
  await page.goto(`${demo.url}/login?next=/account`);
  await page.getByRole('button', { name: 'Log in with Acme' }).click();
  await signInAtAcme('finn');
  await page.waitForURL(`${demo.url}/account`);
  expect(await query(mine)).toMatchObject({
    data: { viewer: { subject: 'user:finn', groups: [] }, users: null },
  });
  await logOutAtBothEnds();

  await page.goto(`${demo.url}/login`);
  await page.getByRole('button', { name: 'Log in with Acme' }).click();
  await signInAtAcme('eve');
  await page.getByRole('heading', { name: 'Hello, eve' }).waitFor();
  const { data, errors } = await query(mine);
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ viewer: { subject: 'user:eve', groups: [{ name: 'support' }] } });
});

test('two tabs log in beside each other, each by its own transaction', async () => {
  await logOutAtBothEnds();
  const second = await context.newPage();
  for (const tab of [page, second]) {
    await tab.goto(`${demo.url}/login`);
    await tab.getByRole('button', { name: 'Log in with Acme' }).click();
    await tab.getByLabel('Acme name').waitFor();
  }
  for (const tab of [second, page]) {
    await tab.getByLabel('Acme name').fill('finn');
    await tab.getByLabel('Acme password').fill('portcullis-demo');
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await tab.getByRole('heading', { name: 'Hello, finn' }).waitFor();
  }
  await second.close();
});

test('C51: somebody who goes back to a callback that was used is not let in by it again', async () => {
  const callbacks: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/callback')) callbacks.push(request.url());
  });
  await logOutAtBothEnds();
  await page.goto(`${demo.url}/login`);
  await page.getByRole('button', { name: 'Log in with Acme' }).click();
  await signInAtAcme('finn');
  await page.getByRole('heading', { name: 'Hello, finn' }).waitFor();
  await logOutAtBothEnds();
  const [used] = callbacks;
  if (used === undefined) throw new Error('no callback was seen');
  const answer = await page.goto(used);
  expect(answer?.status()).toBeGreaterThanOrEqual(400);
  expect(await query('{ viewer { subject } }')).toEqual({ data: { viewer: { subject: 'anonymous' } } });
  await picture('refused');
});

test('the console of our pages is clean', () => {
  // A refused page answers 4xx, which the browser tells of its own.
  expect(complaints.filter((text) => !text.includes('Failed to load resource'))).toEqual([]);
});
