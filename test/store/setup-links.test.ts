import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at } from './rows.ts';

describe.each(storeKinds)('setup links of the %s store', (kind) => {
  let opened: TestStore;
  const links = () => opened.store.setupLinks;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(() => opened.empty());

  test('C10: a link works once, of 50 who use it at once', async () => {
    const digest = randomBytes(32);
    await links().issue(digest, at + 100);
    expect(await links().isValid(digest, at)).toBe(true);
    const used = await Promise.all(Array.from({ length: 50 }, () => links().use(digest, at)));
    expect(used.filter(Boolean)).toHaveLength(1);
    expect(await links().isValid(digest, at)).toBe(false);
  });

  test('a link ends at its time', async () => {
    const digest = randomBytes(32);
    await links().issue(digest, at + 100);
    expect(await links().isValid(digest, at + 99)).toBe(true);
    expect(await links().isValid(digest, at + 100)).toBe(false);
    expect(await links().use(digest, at + 100)).toBe(false);
  });

  test('a new link replaces every older one, used or not', async () => {
    const digests = [randomBytes(32), randomBytes(32), randomBytes(32)];
    await links().issue(digests[0]!, at + 100);
    await links().use(digests[0]!, at);
    await Promise.all(digests.slice(1).map((digest) => links().issue(digest, at + 100)));
    const valid = await Promise.all(digests.map((digest) => links().isValid(digest, at)));
    expect(valid[0]).toBe(false);
    expect(valid.filter(Boolean)).toHaveLength(1);
  });

  test('a use that is rolled back did not happen', async () => {
    const digest = randomBytes(32);
    await links().issue(digest, at + 100);
    const attempt = opened.store.transaction(async (store) => {
      expect(await store.setupLinks.use(digest, at)).toBe(true);
      throw new Error('the account could not be made');
    });
    await expect(attempt).rejects.toThrow('the account could not be made');
    expect(await links().use(digest, at)).toBe(true);
  });
});
