import { appendFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './open-browser.ts';
import { type RunningDemo, startServer } from './running-demo.ts';

let demo: RunningDemo;
let browser: Browser;
let page: Page;
/** Whatever the pages asked of another origin, and whatever their console complained of. */
const strayed: string[] = [];

beforeAll(async () => {
  [demo, browser] = await Promise.all([startServer('examples/notes/portcullis.config.ts'), openBrowser()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(`${demo.url}/`))
      strayed.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') strayed.push(message.text());
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

async function runQuery(): Promise<string> {
  // GraphiQL asks for the schema by itself, whenever it is ready to.
  const answered = page.waitForResponse(
    (response) =>
      response.url().endsWith('/graphql') && !(response.request().postData() ?? '').includes('__schema'),
  );
  await page.getByRole('button', { name: /execute/i }).click();
  const body = await (await answered).text();
  await page.locator('.result-window').getByText('"data"').waitFor();
  await page.waitForTimeout(300);
  return body;
}

test('a newcomer logs in, is denied, adds the line that the page names, and is allowed', async () => {
  await page.goto(demo.url);
  await page.getByRole('link', { name: 'Log in' }).click();
  await page.getByLabel('Username').fill('ann');
  await page.getByLabel('Password').fill('portcullis-demo');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('heading', { name: 'Hello, ann' }).waitFor();

  await page.getByRole('link', { name: 'Open GraphiQL' }).click();
  await page.getByRole('button', { name: /execute/i }).waitFor();
  expect(JSON.parse(await runQuery())).toMatchObject({
    data: {
      viewer: { subject: 'user:ann' },
      notes: expect.arrayContaining([{ title: 'Groceries' }]),
      users: null,
    },
    errors: [{ path: ['users'], extensions: { code: 'FORBIDDEN', coordinate: 'Query.users' } }],
  });
  await picture('denied');

  const named = 'g, user:ann, group:support';
  await page.getByText(named).first().waitFor();
  await appendFile(join(demo.policies, 'groups.csv'), `${named}\n`);

  const deadline = performance.now() + 10_000;
  let answer = await runQuery();
  while (answer.includes('FORBIDDEN') && performance.now() < deadline) answer = await runQuery();
  const { data, errors } = JSON.parse(answer) as { data: { users: { edges: unknown[] } }; errors?: unknown };
  expect(errors).toBeUndefined();
  expect(data.users.edges).toContainEqual({ node: { username: 'ben', email: 'ben@example.com' } });
  await picture('allowed');
});

test('GraphiQL has the query still when it is opened again', async () => {
  await page.goto(`${demo.url}/graphiql`);
  await page.getByRole('button', { name: /execute/i }).waitFor();
  expect(JSON.parse(await runQuery())).toMatchObject({ data: { viewer: { subject: 'user:ann' } } });
  expect(await page.locator('.graphiql-tab').count()).toBe(1);
});

test('a page asks nothing of another origin, and its console is clean', () => {
  expect(strayed).toEqual([]);
});

test('a person logs out, and the way back does not let them in again', async () => {
  await page.goto(demo.url);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('link', { name: 'Log in' }).waitFor();
  await page.goBack();
  await page.reload();
  expect(await page.getByRole('heading', { name: 'Hello, ann' }).count()).toBe(0);
});

test('a wrong password is told beside the form, the typed name stays, and the error is announced', async () => {
  await page.goto(`${demo.url}/login`);
  await page.getByLabel('Username').fill('ann');
  await page.getByLabel('Password').fill('not the password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('Username').inputValue()).toBe('ann');
  expect(await page.getByLabel('Password').inputValue()).toBe('');
});
