import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import type { Setup } from '../../src/accounts/setup.ts';
import { systemClock } from '../../src/core/clock.ts';
import { rounds } from '../rounds.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { openOffice, type Office } from './open-accounts.ts';

const form = { username: 'root', name: 'Root', password: 'correct horse battery' };
const day = 24 * 60 * 60 * 1_000;

describe.each(storeKinds)('the first administrator on the %s store', (kind) => {
  let opened: TestStore;
  let office: Office;
  let setup: Setup;
  let now = 0;
  const clock = { ...systemClock, now: () => now };

  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    now = Date.UTC(2026, 10, 20);
    office = await openOffice({ store: opened.store, clock });
    ({ setup } = office);
  });
  afterEach(() => office.close());

  const issue = async (): Promise<string> => {
    const token = await setup.issue();
    if (token === null) throw new Error('no token was issued');
    return token;
  };

  test('C10: a fresh installation has no account that can log in, and no token in the database', async () => {
    expect(await opened.sql('SELECT id FROM users')).toEqual([]);
    const token = await issue();
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const rows = JSON.stringify(await opened.sql('SELECT * FROM setup_links'));
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(Buffer.from(token).toString('hex'));
  });

  // A link that is printed at each start is an invitation to whoever reads the log.
  test.each([
    ['a policy file', 'g, user:ann, group:superusers\n', []],
    ['a group of a policy file', 'g, user:ann, group:ops\ng, group:ops, group:superusers\n', []],
    ['a group of the database within', 'g, group:ops, group:superusers\n', ['ops']],
  ])(
    'C10: no link is issued, and an older one is dead, once %s makes an account a superuser',
    async (_by, rows, groups) => {
      const token = await issue();
      await office.writePolicy(rows);
      expect(await setup.isValid(token)).toBe(true);
      await office.accounts.create({ username: 'ann', password: form.password, groups }, operator);
      expect(await setup.issue()).toBeNull();
      expect(await setup.isValid(token)).toBe(false);
      await expect(setup.complete(token, form)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    },
  );

  test('C10: with the token the first administrator is made, a superuser who can log in; then it is over', async () => {
    const token = await issue();
    expect(await setup.isValid(token)).toBe(true);
    const user = await setup.complete(token, form);
    expect(await opened.store.groups.membersOf('superusers', { after: null, limit: 10 })).toEqual([user]);
    expect(await office.accounts.verifyPassword('root', form.password)).toEqual(user);

    expect(await setup.issue()).toBeNull();
    expect(await setup.isValid(token)).toBe(false);
    const again = setup.complete(token, { ...form, username: 'mallory' });
    await expect(again).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await opened.store.users.count()).toBe(1);
  });

  test('C10: 50 tries at once with one token make exactly one administrator', async () => {
    for (let round = 0; round < rounds(3, 100); round += 1) {
      await opened.empty();
      const token = await issue();
      const tries = await Promise.allSettled(
        Array.from({ length: 50 }, (_, at) => setup.complete(token, { ...form, username: `root${at}` })),
      );
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const each of tries) {
        if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'NOT_FOUND' });
      }
      expect(await opened.store.users.count()).toBe(1);
      expect(await opened.store.groups.membersOf('superusers', { after: null, limit: 10 })).toHaveLength(1);
    }
  });

  test('a token that was never issued, was replaced, or is a day old is good for nothing', async () => {
    const replaced = await issue();
    const token = await issue();
    for (const bad of ['', 'x', replaced, `${token} `]) {
      expect(await setup.isValid(bad)).toBe(false);
      await expect(setup.complete(bad, form)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    now += day - 1;
    expect(await setup.isValid(token)).toBe(true);
    now += 1;
    expect(await setup.isValid(token)).toBe(false);
    await expect(setup.complete(token, form)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await opened.store.users.count()).toBe(0);
  });

  test('a form with faults leaves the token good', async () => {
    const token = await issue();
    await expect(setup.complete(token, { ...form, password: 'short' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await setup.complete(token, form);
    expect(await opened.store.users.count()).toBe(1);
  });
});
