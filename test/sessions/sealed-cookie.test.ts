import { describe, expect, test } from '@jest/globals';
import type Koa from 'koa';
import { EncryptJWT } from 'jose';
import { newToken } from '../../src/core/ids.ts';
import { Secret } from '../../src/core/secret.ts';
import { cookieProfile } from '../../src/sessions/cookie-profile.ts';
import { createSealedCookie } from '../../src/sessions/sealed-cookie.ts';
import { manualClock } from './manual-clock.ts';
import { inBrowser } from './browser.ts';

const cookies = cookieProfile(new URL('https://login.example.com'));
const [older, newer] = [new Secret(newToken()), new Secret(newToken())];
const clock = manualClock();
const sealed = (secrets: readonly Secret[], purpose = 'visitor') =>
  createSealedCookie({ purpose, secrets, cookies, clock });

/** Writes with one cookie, and reads with another what the browser then sends. */
async function carry(
  write: ReturnType<typeof sealed>,
  read: ReturnType<typeof sealed>,
  change = (value: string) => value,
) {
  const browser = inBrowser();
  await browser.visit((ctx) => write.write(ctx, { csrf: 'token' }));
  browser.change(change);
  return browser.visit((ctx: Koa.Context) => read.read(ctx));
}

describe('a sealed cookie', () => {
  test('comes back as it was, and cannot be read on the way', async () => {
    const browser = inBrowser();
    await browser.visit((ctx) => sealed([older]).write(ctx, { csrf: 'plain-text-token' }));
    expect(browser.header()).not.toContain('plain-text-token');
    expect(Buffer.from(browser.header().split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain(
      'csrf',
    );
    expect(await browser.visit((ctx) => sealed([older]).read(ctx))).toEqual({ csrf: 'plain-text-token' });
  });

  test('outlives the rotation of secrets until the old one is removed', async () => {
    expect(await carry(sealed([older]), sealed([newer, older]))).toEqual({ csrf: 'token' });
    expect(await carry(sealed([older]), sealed([newer]))).toBeNull();
  });

  test('of another purpose is absent', async () => {
    const browser = inBrowser();
    const other = createSealedCookie({ purpose: 'other', secrets: [older], cookies, clock });
    await browser.visit((ctx) => other.write(ctx, { csrf: 'token' }));
    browser.rename('__Host-portcullis-other', '__Host-portcullis-visitor');
    expect(await browser.visit((ctx) => sealed([older]).read(ctx))).toBeNull();
  });

  test('is absent after an hour', async () => {
    const browser = inBrowser();
    await browser.visit((ctx) => sealed([older]).write(ctx, { csrf: 'token' }));
    clock.advance(3_590_000);
    expect(await browser.visit((ctx) => sealed([older]).read(ctx))).toEqual({ csrf: 'token' });
    clock.advance(11_000);
    expect(await browser.visit((ctx) => sealed([older]).read(ctx))).toBeNull();
  });

  test('with any one character changed is absent', async () => {
    const browser = inBrowser();
    await browser.visit((ctx) => sealed([older]).write(ctx, { csrf: 'token' }));
    const [name = '', value = ''] = browser.header().split(/=(.*)/s);
    // The last character of a part may carry unused bits, so every other one is changed.
    const last = value
      .split('')
      .flatMap((_, at) => (value[at + 1] === '.' || at === value.length - 1 ? [at] : []));
    for (let at = 0; at < value.length; at += 1) {
      if (last.includes(at) || value[at] === '.') continue;
      const changed = value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1);
      browser.set(name, changed);
      expect(await browser.visit((ctx) => sealed([older]).read(ctx))).toBeNull();
    }
  });

  test.each([
    'garbage',
    '....',
    'a.b.c.d.e',
    'eyJhbGciOiJub25lIn0.eyJ2YWx1ZXMiOnt9fQ.',
    'x'.repeat(10_000),
    '%00%ff',
    Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url') + '....',
  ])('of garbage is absent: %s', async (garbage) => {
    const browser = inBrowser();
    browser.set('__Host-portcullis-visitor', garbage);
    expect(await browser.visit((ctx) => sealed([older]).read(ctx))).toBeNull();
  });

  test('that somebody else encrypted, or that never ends, is absent', async () => {
    const browser = inBrowser();
    const token = await new EncryptJWT({ values: { csrf: 'mine' } })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setExpirationTime(4_102_444_800)
      .encrypt(new Uint8Array(32));
    browser.set('__Host-portcullis-visitor', token);
    expect(await browser.visit((ctx) => sealed([older]).read(ctx))).toBeNull();
  });
});
