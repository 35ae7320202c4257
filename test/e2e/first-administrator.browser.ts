import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './open-browser.ts';
import { type RunningDemo, startServer } from './running-demo.ts';

let server: RunningDemo;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(null), openBrowser()]);
  page = await browser.newPage();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

test('C10: whoever has the one-time link makes the first administrator, once', async () => {
  const link = /http:\/\/localhost:\d+\/setup\?token=[\w-]+/.exec(server.output())?.[0];
  if (link === undefined) throw new Error(`no link in:\n${server.output()}`);

  await page.goto(link);
  await page.getByLabel('Username').fill('root');
  await page.getByLabel(/^Name/).fill('The Operator');
  await page.getByLabel('Password').fill('a long enough secret');
  await page.getByRole('button').first().click();
  await page.waitForURL(/\/login/);

  await page.getByLabel('Username').fill('root');
  await page.getByLabel('Password').fill('a long enough secret');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('heading', { name: 'Hello, root' }).waitFor();
  await page.getByText('group:superusers').waitFor();

  const again = await page.goto(link);
  expect(again?.status()).toBe(404);
  expect(await page.getByLabel('Username').count()).toBe(0);
});

test('a page works on a phone without sideways scrolling, light and dark', async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 640 } });
  const phone = await context.newPage();
  for (const colorScheme of ['light', 'dark'] as const) {
    await phone.emulateMedia({ colorScheme });
    for (const path of ['/', '/login', '/nowhere']) {
      await phone.goto(`${server.url}${path}`);
      const widths = await phone.evaluate('[document.documentElement.scrollWidth, window.innerWidth]');
      const [content, window] = widths as [number, number];
      expect(content).toBeLessThanOrEqual(window);
    }
  }
  await context.close();
});

test('a page is whole without scripts', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(`${server.url}/login`);
  await plain.getByLabel('Username').fill('root');
  await plain.getByLabel('Password').fill('a long enough secret');
  await plain.getByRole('button', { name: 'Log in', exact: true }).click();
  await plain.getByRole('heading', { name: 'Hello, root' }).waitFor();
  await context.close();
});
