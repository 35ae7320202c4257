import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAccounts } from '../../src/accounts/create-accounts.ts';
import type { Hasher } from '../../src/accounts/hashing/hasher.ts';
import { createSetup, type Setup } from '../../src/accounts/setup.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { MembershipRow } from '../../src/policy/rule.ts';
import { rounds } from '../rounds.ts';
import { openTestStore, storeKinds, type TestStore } from '../store/open-test-store.ts';
import { cheapHasher } from './cheap-hasher.ts';

const form = { username: 'root', name: 'Root', password: 'correct horse battery' };
const day = 24 * 60 * 60 * 1_000;

describe.each(storeKinds)('the first administrator on the %s store', (kind) => {
  let opened: TestStore;
  let hasher: Hasher;
  let setup: Setup;
  let now = 0;
  let rows: readonly MembershipRow[] = [];
  const clock = { ...systemClock, now: () => now };

  beforeAll(async () => {
    opened = await openTestStore(kind);
    hasher = cheapHasher();
    setup = createSetup({
      store: opened.store,
      memberships: () => rows,
      hasher,
      attributes: {},
      minLength: 12,
      clock,
      log: silentLog,
    });
  });
  afterAll(async () => {
    await hasher.close();
    await opened.close();
  });
  beforeEach(async () => {
    await opened.empty();
    rows = [];
    now = Date.UTC(2026, 10, 20);
  });

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

  const row = (member: string, group: string): MembershipRow => ({
    member,
    group,
    provenance: { kind: 'file', file: 'groups.csv', line: 1 },
  });
  const hire = (groups: readonly string[] = []) =>
    createAccounts({
      store: opened.store,
      hasher,
      memberships: () => [],
      attributes: {},
      minLength: 12,
      clock,
      log: silentLog,
    }).create({ username: 'ann', password: form.password, groups }, 'operator');

  // A link that is printed at each start is an invitation to whoever reads the log.
  test.each([
    ['a policy file', [row('user:ann', 'group:superusers')], []],
    ['a group of a policy file', [row('user:ann', 'group:ops'), row('group:ops', 'group:superusers')], []],
    ['a group of the database within', [row('group:ops', 'group:superusers')], ['ops']],
  ])(
    'C10: no link is issued, and an older one is dead, once %s makes an account a superuser',
    async (_by, given, groups) => {
      const token = await issue();
      rows = given;
      expect(await setup.isValid(token)).toBe(true);
      await hire(groups);
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
    const accounts = createAccounts({
      store: opened.store,
      hasher,
      memberships: () => [],
      attributes: {},
      minLength: 12,
      clock,
      log: silentLog,
    });
    expect(await accounts.verifyPassword('root', form.password)).toEqual(user);

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
