import { describe, expect, test } from '@jest/globals';
import { newToken } from '../../src/core/ids.ts';
import { Secret } from '../../src/core/secret.ts';
import { cookieProfile } from '../../src/sessions/cookie-profile.ts';
import { createSealedCookie } from '../../src/sessions/sealed-cookie.ts';
import { createSealedCookies } from '../../src/sessions/sealed-cookies.ts';
import { inBrowser } from './browser.ts';
import { manualClock } from './manual-clock.ts';

const cookies = cookieProfile(new URL('https://login.example.com'));
const [older, newer] = [new Secret(newToken()), new Secret(newToken())];
const clock = manualClock();
const sealed = (secrets: readonly Secret[] = [older], purpose = 'login') =>
  createSealedCookies({ purpose, secrets, cookies, lifetime: 600_000, clock });

type Browser = ReturnType<typeof inBrowser>;
const write = (browser: Browser, key: string, values: object = { of: key }): Promise<boolean> =>
  browser.visit((ctx) => sealed().write(ctx, key, values as Record<string, unknown>));
const read = (browser: Browser, key: string, by = sealed()): Promise<unknown> =>
  browser.visit((ctx) => by.read(ctx, key));
const namesOf = (browser: Browser): string[] =>
  browser
    .header()
    .split('; ')
    .filter((pair) => !pair.endsWith('='))
    .map((pair) => pair.split('=')[0] ?? '');

describe('sealed cookies', () => {
  test('come back each by its key, and their names tell no key', async () => {
    const browser = inBrowser();
    expect(await write(browser, 'one')).toBe(true);
    await write(browser, 'two');
    expect(await read(browser, 'one')).toEqual({ of: 'one' });
    expect(await read(browser, 'two')).toEqual({ of: 'two' });
    expect(await read(browser, 'three')).toBeNull();
    for (const name of namesOf(browser)) expect(name).toMatch(/^__Host-portcullis-login-[0-9a-f]{16}$/);
    expect(browser.header()).not.toMatch(/one|two/);
  });

  test('are absent after their lifetime, and where they were cleared', async () => {
    const browser = inBrowser();
    await write(browser, 'one');
    clock.advance(599_000);
    expect(await read(browser, 'one')).toEqual({ of: 'one' });
    await write(browser, 'two');
    clock.advance(1_000);
    expect(await read(browser, 'one')).toBeNull();
    await browser.visit((ctx) => {
      sealed().clear(ctx, 'two');
      return Promise.resolve();
    });
    expect(await read(browser, 'two')).toBeNull();
  });

  test('are absent under another’s name, and of another purpose', async () => {
    const browser = inBrowser();
    await write(browser, 'one');
    const [one = ''] = namesOf(browser);
    await write(browser, 'two');
    const two = namesOf(browser).find((name) => name !== one) ?? '';
    browser.rename(one, two);
    expect(await read(browser, 'two')).toBeNull();

    const visitor = inBrowser();
    const single = createSealedCookie({ purpose: 'visitor', secrets: [older], cookies, clock });
    await visitor.visit((ctx) => single.write(ctx, { csrf: 'token' }));
    visitor.rename('__Host-portcullis-visitor', one);
    expect(await read(visitor, 'one')).toBeNull();
    const foreign = inBrowser();
    await foreign.visit((ctx) => sealed([older], 'other').write(ctx, 'one', { of: 'other' }));
    foreign.rename(namesOf(foreign)[0] ?? '', one);
    expect(await read(foreign, 'one')).toBeNull();
  });

  test('outlive the rotation of secrets until the old one is removed', async () => {
    const browser = inBrowser();
    await write(browser, 'one');
    expect(await read(browser, 'one', sealed([newer, older]))).toEqual({ of: 'one' });
    expect(await read(browser, 'one', sealed([newer]))).toBeNull();
  });

  test('C30: are at most eight; the oldest go, and first what can’t be opened', async () => {
    const browser = inBrowser();
    browser.set('__Host-portcullis-login-0123456789abcdef', 'x'.repeat(500));
    browser.set('__Host-portcullis-login-not-ours', 'stays');
    for (let at = 0; at < 12; at += 1) {
      await write(browser, `key ${at}`);
      clock.advance(1_000);
    }
    const kept = await Promise.all(Array.from({ length: 12 }, (_, at) => read(browser, `key ${at}`)));
    expect(kept.map((values) => values !== null)).toEqual([
      ...Array<boolean>(4).fill(false),
      ...Array<boolean>(8).fill(true),
    ]);
    expect(namesOf(browser)).not.toContain('__Host-portcullis-login-0123456789abcdef');
    expect(namesOf(browser)).toContain('__Host-portcullis-login-not-ours');
  });

  test('C30: take at most 8,000 bytes together, and one is at most a cookie', async () => {
    const browser = inBrowser();
    for (let at = 0; at < 6; at += 1) {
      expect(await write(browser, `key ${at}`, { large: 'x'.repeat(2_000) })).toBe(true);
      clock.advance(1_000);
    }
    expect(browser.header().replaceAll(/[^;]*=(?=;|$)/g, '').length).toBeLessThan(8_100);
    expect(await read(browser, 'key 5')).not.toBeNull();
    expect(await read(browser, 'key 0')).toBeNull();
    const before = browser.header();
    expect(await write(browser, 'another', { large: 'x'.repeat(3_000) })).toBe(false);
    expect(browser.header()).toBe(before);
  });
});
