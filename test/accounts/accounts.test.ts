import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Accounts } from '../../src/accounts/accounts.ts';
import { operator } from '../../src/accounts/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import type { AuditRow } from '../../src/store/contract/audit.ts';
import { declarations } from '../policy/fixture.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { cheapHasher, cheapSettings } from './cheap-hasher.ts';
import { naughtyStrings } from './naughty-strings.ts';
import { openOffice, type Office } from './open-accounts.ts';

const secret = 'correct horse battery';
const attributes = { department: 'string', level: 'number', badges: 'strings', external: 'boolean' } as const;

describe.each(storeKinds)('accounts on the %s store', (kind) => {
  let opened: TestStore;
  let office: Office;
  let accounts: Accounts;
  let logged: object[] = [];
  const log = { ...silentLog, error: (fields: object) => void logged.push(fields) };

  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    logged = [];
    office = await openOffice({ store: opened.store, declarations: { ...declarations, attributes }, log });
    ({ accounts } = office);
  });
  afterEach(() => office.close());

  const records = (): Promise<readonly AuditRow[]> => opened.store.audit.since(null, 100);

  const refusal = (message: RegExp) => ({
    code: 'BAD_USER_INPUT',
    message: expect.stringMatching(message) as unknown,
  });

  test("an account's attributes are changed by name, and only declared ones of their kind", async () => {
    const { id } = await accounts.create({ username: 'ann', attributes: { level: 3 } }, operator);
    await accounts.changeAttributes(id, { department: 'sales', level: null }, operator);
    expect((await opened.store.users.find(id))?.attributes).toEqual({ department: 'sales' });
    await expect(accounts.changeAttributes(id, { level: '3', salary: 1 }, operator)).rejects.toMatchObject(
      refusal(/level must be of the kind number.*"salary" is not declared/s),
    );
    expect((await opened.store.users.find(id))?.attributes).toEqual({ department: 'sales' });
  });

  describe('a new account', () => {
    test('is written whole: name, address, attributes, groups and password', async () => {
      const user = await accounts.create(
        {
          username: 'Ａnn',
          name: 'Ann Example',
          email: 'ann@example.org',
          password: secret,
          attributes: { department: 'sales', level: 3, badges: ['a'], external: false },
          groups: ['support', 'lead'],
        },
        operator,
      );
      expect(user).toMatchObject({ username: 'ann', name: 'Ann Example', status: 'active', sessionEpoch: 0 });
      expect(await opened.store.users.find(user.id)).toEqual(user);
      expect((await opened.store.users.emailsOf([user.id])).get(user.id)).toMatchObject([
        { address: 'ann@example.org', primary: true, verifiedAt: null },
      ]);
      expect([...((await opened.store.groups.groupsOf([user.id])).get(user.id) ?? [])].sort()).toEqual([
        'lead',
        'support',
      ]);
      expect(await accounts.verifyPassword('ANN', secret)).toEqual(user);
      expect(await records()).toMatchObject([
        {
          event: 'account.created',
          subject: 'operator',
          accountId: user.id,
          details: { username: 'ann', groups: ['support', 'lead'] },
        },
      ]);
    });

    test('with faults is refused with all of them at once, and leaves nothing', async () => {
      const wrong = {
        username: '-no',
        name: 'two\nlines',
        email: 'nobody',
        password: 'short',
        attributes: { level: 'three', unknown: 1 },
        groups: ['No Group', 'everyone'],
      };
      const error = await accounts.create(wrong, operator).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'BAD_USER_INPUT' });
      const { message } = error as Error;
      for (const part of ['username', 'one line', 'e-mail', '12 characters', 'level', '"unknown"', 'group']) {
        expect(message).toContain(part);
      }
      expect(await opened.store.users.count()).toBe(0);
    });

    test('whose name is taken is refused, in whatever spelling, and joins no group', async () => {
      await accounts.create({ username: 'ann' }, operator);
      const again = accounts.create({ username: 'ANN', groups: ['support'] }, operator);
      await expect(again).rejects.toMatchObject(refusal(/taken/));
      expect(await opened.store.groups.list()).toEqual([]);
    });

    test.each([
      'anonymous',
      'authenticated',
      'everyone',
      '',
      ' ',
      'a b',
      'group:x',
      'a\0',
      'x'.repeat(65),
      '\ud800',
    ])('can’t be called %j', async (username) => {
      await expect(accounts.create({ username }, operator)).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    });

    test('joins at most a hundred groups at once, each of them once', async () => {
      const groups = Array.from({ length: 101 }, (_, at) => `g${at}`);
      await expect(accounts.create({ username: 'ann', groups }, operator)).rejects.toMatchObject(
        refusal(/at most 100 groups/),
      );
      const user = await accounts.create(
        { username: 'ann', groups: [...groups.slice(1), 'g1'].slice(1) },
        operator,
      );
      expect((await opened.store.groups.groupsOf([user.id])).get(user.id)).toHaveLength(100);
    });

    test('can’t have an address that no letter could be sent to', async () => {
      const local = 'a'.repeat(65);
      const domain = 'b'.repeat(254);
      for (const email of [
        'a@b@c',
        '@b',
        'a@',
        'a b@c',
        'a@b\r\nBcc: x@y',
        `${local}@b`,
        `a@${domain}`,
        'a@b>',
      ]) {
        const create = accounts.create({ username: 'ann', email }, operator);
        await expect(create).rejects.toMatchObject(refusal(/e-mail/));
      }
    });
  });

  describe('a password', () => {
    test('of 12 characters is the shortest, counted in code points after NFKC; none is too long up to 1,024', async () => {
      const { id } = await accounts.create({ username: 'ann' }, operator);
      const table: [string, boolean][] = [
        ['a'.repeat(11), false],
        ['a'.repeat(12), true],
        ['𝄞'.repeat(11), false],
        ['𝄞'.repeat(12), true],
        ['e\u0301'.repeat(11), false],
        ['e\u0301'.repeat(12), true],
        ['a'.repeat(64), true],
        ['a'.repeat(1_024), true],
        ['𝄞'.repeat(1_024), true],
        ['a'.repeat(1_025), false],
        ['a'.repeat(100_000), false],
        ['', false],
        [`${secret}\ud800`, false],
      ];
      for (const [typed, good] of table) {
        const code = await accounts.setPassword(id, typed, operator).then(
          () => 'ok',
          (error: unknown) => (error as { code: string }).code,
        );
        expect([typed.slice(0, 13), code]).toEqual([typed.slice(0, 13), good ? 'ok' : 'BAD_USER_INPUT']);
      }
    });

    test('that is the username or the address is refused', async () => {
      const { id } = await accounts.create(
        { username: 'ann-of-the-house', email: 'ann.example@long.example.org' },
        operator,
      );
      for (const typed of ['ANN-of-the-house', 'ann.example@long.example.org']) {
        const set = accounts.setPassword(id, typed, operator);
        await expect(set).rejects.toMatchObject(refusal(/not your username/));
      }
    });

    test('C02: of 515 naughty strings each is set and verified; changed at its end or in another case it is not', async () => {
      expect(new Set(naughtyStrings.map((text) => text.normalize('NFKC'))).size).toBe(515);
      const { id } = await accounts.create({ username: 'ann' }, operator);
      for (const typed of naughtyStrings) {
        await accounts.setPassword(id, typed, operator);
        expect([typed, (await accounts.verifyPassword('ann', typed))?.username]).toEqual([typed, 'ann']);
        for (const wrong of variantsOf(typed)) {
          expect([typed, wrong, await accounts.verifyPassword('ann', wrong)]).toEqual([typed, wrong, null]);
        }
      }
    });

    test('C03: registered composed it is typed decomposed, full-width or as a ligature', async () => {
      const pairs = [
        ['caf\u00e9 caf\u00e9 caf\u00e9', 'cafe\u0301 cafe\u0301 cafe\u0301'],
        ['\u1100\u1161\u11a8'.repeat(12), '\uac01'.repeat(12)],
        ['password 123 fi', 'ｐａｓｓｗｏｒｄ １２３ ﬁ'],
      ] as const;
      const { id } = await accounts.create({ username: 'ann' }, operator);
      for (const [registered, typed] of pairs) {
        await accounts.setPassword(id, registered, operator);
        expect((await accounts.verifyPassword('ann', typed))?.username).toBe('ann');
        await accounts.setPassword(id, typed, operator);
        expect((await accounts.verifyPassword('ann', registered))?.username).toBe('ann');
      }
    });

    test('C06: an old, weaker hash verifies, is replaced at that login, and other sessions stay', async () => {
      const hasher = cheapHasher({ cost: { memory: 32, passes: 1, lanes: 1 } });
      const old = await openOffice({ store: opened.store, hasher });
      const user = await old.accounts.create({ username: 'ann', password: secret }, operator);
      await old.close();
      const before = await opened.store.users.passwordOf(user.id);
      expect(before).toContain('$m=32,t=1,p=1$');

      expect(await accounts.verifyPassword('ann', 'wrong wrong wrong')).toBeNull();
      expect(await opened.store.users.passwordOf(user.id)).toBe(before);

      expect((await accounts.verifyPassword('ann', secret))?.id).toBe(user.id);
      const after = await opened.store.users.passwordOf(user.id);
      const { memory, passes, lanes } = cheapSettings.cost;
      expect(after).toContain(`$m=${memory},t=${passes},p=${lanes}$`);
      expect((await opened.store.users.find(user.id))?.sessionEpoch).toBe(user.sessionEpoch);
      expect((await accounts.verifyPassword('ann', secret))?.id).toBe(user.id);
      expect(await opened.store.users.passwordOf(user.id)).toBe(after);
    });

    test('set anew, it ends the sessions of the account', async () => {
      const user = await accounts.create({ username: 'ann', password: secret }, operator);
      await accounts.setPassword(user.id, `${secret} two`, operator);
      expect((await opened.store.users.find(user.id))?.sessionEpoch).toBeGreaterThan(user.sessionEpoch);
      expect(await accounts.verifyPassword('ann', secret)).toBeNull();
      expect((await accounts.verifyPassword('ann', `${secret} two`))?.id).toBe(user.id);
    });

    test('whose stored hash is malformed matches nothing, and the fault is logged', async () => {
      const user = await accounts.create({ username: 'ann', password: secret }, operator);
      await opened.sql('UPDATE passwords SET hash = $1', [
        '$argon2id$v=19$m=64,t=1000000,p=1$aaaaaaaaaaaa$aaaa',
      ]);
      expect(await accounts.verifyPassword('ann', secret)).toBeNull();
      expect(logged).toContainEqual({ event: 'password.unusable-hash', user: user.id });
    });

    test('of an account without one, of nobody or of no possible name matches nothing', async () => {
      await accounts.create({ username: 'ann' }, operator);
      for (const name of ['ann', 'bob', 'no such name', '', '\0', 'x'.repeat(10_000), '__proto__']) {
        expect(await accounts.verifyPassword(name, secret)).toBeNull();
      }
      expect(await accounts.verifyPassword('ann', '')).toBeNull();
    });
  });

  describe('an administrator', () => {
    test('suspends and restores an account; doing so twice changes nothing', async () => {
      const user = await accounts.create({ username: 'ann' }, operator);
      await accounts.changeStatus(user.id, 'suspended', operator);
      await accounts.changeStatus(user.id, 'suspended', operator);
      const suspended = await accounts.byUsername('ann');
      expect(suspended).toMatchObject({ status: 'suspended' });
      expect(suspended.sessionEpoch).toBeGreaterThan(user.sessionEpoch);
      await accounts.changeStatus(user.id, 'active', operator);
      expect(await accounts.byUsername('ann')).toMatchObject({ status: 'active' });
      expect((await records()).map(({ event }) => event)).toEqual([
        'account.created',
        'account.suspended',
        'account.reactivated',
      ]);
    });

    test('deletes an account; what is not there is NOT_FOUND', async () => {
      const { id } = await accounts.create({ username: 'ann' }, operator);
      await accounts.delete(id, operator);
      await expect(accounts.byUsername('ann')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(accounts.delete(id, operator)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(accounts.setPassword(id, secret, operator)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(accounts.addToGroup('support', 'user:ann', operator)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });

    test('adds users and groups to groups, once, and takes them out again', async () => {
      const user = await accounts.create({ username: 'ann' }, operator);
      expect(await accounts.addToGroup('support', 'user:ann', operator)).toBe(true);
      expect(await accounts.addToGroup('support', 'user:ann', operator)).toBe(false);
      expect(await accounts.addToGroup('support', 'group:lead', operator)).toBe(true);
      expect(await accounts.addToGroup('support', 'group:lead', operator)).toBe(false);
      expect((await opened.store.groups.groupsOf([user.id])).get(user.id)).toEqual(['support']);
      expect(await opened.store.groups.nestings()).toMatchObject([{ member: 'lead', group: 'support' }]);
      expect(await accounts.removeFromGroup('support', 'user:ann', operator)).toBe(true);
      expect(await accounts.removeFromGroup('support', 'user:ann', operator)).toBe(false);
      expect(await accounts.removeFromGroup('support', 'group:lead', operator)).toBe(true);
      expect(await accounts.removeFromGroup('support', 'group:lead', operator)).toBe(false);
    });

    // Answered "no longer in it", somebody would go on with what was taken from them.
    test('is not told that a member is out whom a policy file keeps in', async () => {
      await accounts.create({ username: 'ann' }, operator);
      await office.writePolicy('g, user:ann, group:support\ng, group:lead, group:support\n');
      for (const [member, line] of [
        ['user:Ann', 1],
        ['group:lead', 2],
      ] as const) {
        await accounts.addToGroup('support', member, operator);
        await expect(accounts.removeFromGroup('support', member, operator)).rejects.toMatchObject({
          code: 'CONFLICT',
          message: `${member.toLowerCase()} in group:support stands in rules.csv:${line}. Take it out of the policy files first.`,
        });
      }
    });

    test.each(['ann', 'everyone', 'group:', 'user:', 'service:x', 'group:No', 'group:everyone'])(
      'can’t add the member %j',
      async (member) => {
        await expect(accounts.addToGroup('support', member, operator)).rejects.toMatchObject({
          code: expect.stringMatching(/BAD_USER_INPUT|NOT_FOUND/) as unknown,
        });
        expect(await opened.store.groups.nestings()).toEqual([]);
      },
    );

    test('can’t close a circle of groups, with rows of files neither; nothing is written', async () => {
      await accounts.addToGroup('b', 'group:a', operator);
      await office.writePolicy('g, group:b, group:c\n');
      await expect(accounts.addToGroup('a', 'group:c', operator)).rejects.toMatchObject(
        refusal(/member of itself/),
      );
      expect(await opened.store.groups.nestings()).toHaveLength(1);
    });

    test('and another one can’t close a circle together', async () => {
      for (let round = 0; round < 10; round += 1) {
        await opened.empty();
        const added = await Promise.allSettled([
          accounts.addToGroup('a', 'group:b', operator),
          accounts.addToGroup('b', 'group:a', operator),
        ]);
        expect(added.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(await opened.store.groups.nestings()).toHaveLength(1);
      }
    });
  });
});

/** Near misses: the last code point changed, and the other case. */
function variantsOf(typed: string): string[] {
  const points = Array.from(typed.normalize('NFKC'));
  const last = points.at(-1)!.codePointAt(0)!;
  const changed = [...points.slice(0, -1), String.fromCodePoint(last === 0x7f ? 0x41 : last ^ 1)].join('');
  const otherCase = typed === typed.toLowerCase() ? typed.toUpperCase() : typed.toLowerCase();
  return [changed, otherCase].filter((text) => text.normalize('NFKC') !== typed.normalize('NFKC'));
}
