import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Accounts } from '../../src/accounts/accounts.ts';
import { operator } from '../../src/accounts/actor.ts';
import type { UserRow } from '../../src/store/contract/users.ts';
import { openStore } from '../../src/store/open-store.ts';
import { rounds } from '../rounds.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { actAs } from './acting.ts';
import { openOffice, type Office } from './open-accounts.ts';

const refused = { code: 'CONFLICT', message: expect.stringMatching(/nobody in charge/) as unknown };

describe.each(storeKinds)('the last administrator, on the %s store,', (kind) => {
  let opened: TestStore;
  let office: Office;
  let accounts: Accounts;

  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    office = await openOffice({ store: opened.store });
    ({ accounts } = office);
  });
  afterEach(() => office.close());

  const hire = (username: string, ...groups: string[]): Promise<UserRow> =>
    accounts.create({ username, groups }, operator);

  test('is neither suspended, nor deleted, nor taken out of the group; by the operator neither', async () => {
    const root = await hire('root', 'superusers');
    const asleep = await hire('asleep', 'superusers');
    await accounts.changeStatus(asleep.id, 'suspended', operator);
    for (const by of [operator, await actAs(root, opened.store)]) {
      await expect(accounts.changeStatus(root.id, 'suspended', by)).rejects.toMatchObject(refused);
      await expect(accounts.delete(root.id, by)).rejects.toMatchObject(refused);
      await expect(accounts.removeFromGroup('superusers', 'user:root', by)).rejects.toMatchObject(refused);
    }
    expect(await accounts.byUsername('root')).toEqual(root);
    expect((await opened.store.groups.groupsOf([root.id])).get(root.id)).toEqual(['superusers']);

    await hire('second', 'superusers');
    await accounts.changeStatus(root.id, 'suspended', await actAs(root, opened.store));
    expect(await accounts.byUsername('root')).toMatchObject({ status: 'suspended' });
  });

  test('keeps the groups that carry them', async () => {
    await accounts.addToGroup('superusers', 'group:chiefs', operator);
    await accounts.addToGroup('chiefs', 'group:board', operator);
    await hire('root', 'board');
    await expect(accounts.removeFromGroup('superusers', 'group:chiefs', operator)).rejects.toMatchObject(
      refused,
    );
    await expect(accounts.removeFromGroup('chiefs', 'group:board', operator)).rejects.toMatchObject(refused);
    await expect(accounts.deleteGroup('board', operator)).rejects.toMatchObject(refused);
    await expect(accounts.deleteGroup('chiefs', operator)).rejects.toMatchObject(refused);
    expect(await opened.store.groups.nestings()).toHaveLength(2);
    await hire('second', 'superusers');
    await accounts.deleteGroup('chiefs', operator);
  });

  test('who is one by a file keeps the name that the file speaks of', async () => {
    await office.writePolicy('g, user:root, group:ops\ng, group:ops, group:superusers\n');
    const root = await hire('root');
    await expect(accounts.rename(root.id, { username: 'boss' }, operator)).rejects.toMatchObject(refused);
    await expect(accounts.delete(root.id, operator)).rejects.toMatchObject(refused);
    expect(await accounts.rename(root.id, { name: 'The boss' }, operator)).toMatchObject({
      username: 'root',
      name: 'The boss',
    });
    await hire('second', 'superusers');
    expect(await accounts.rename(root.id, { username: 'boss' }, operator)).toMatchObject({
      username: 'boss',
    });
  });

  test('is no reason to refuse anything where there never was one', async () => {
    const ann = await hire('ann');
    await accounts.changeStatus(ann.id, 'suspended', operator);
    await accounts.delete(ann.id, operator);
  });

  test('is told of in the record of the refusal', async () => {
    const root = await hire('root', 'superusers');
    await expect(accounts.delete(root.id, operator)).rejects.toMatchObject(refused);
    await office.audit.close();
    expect((await opened.store.audit.since(null, 100)).at(-1)).toMatchObject({
      event: 'administration.refused',
      subject: 'operator',
      accountId: root.id,
      details: { change: 'account.deleted', reason: 'last-administrator' },
    });
  });

  const times = rounds(10, 50);
  test(
    `is left where the last two remove each other at once from two processes: ${times} rounds, always one`,
    async () => {
      const store = await openStore({ ...opened.options, attach: true });
      const other = await openOffice({ store });
      try {
        for (let round = 0; round < times; round += 1) {
          const pair = [
            await hire(`a${round}`, 'superusers'),
            await hire(`b${round}`, 'superusers'),
          ] as const;
          const before = await opened.store.groups.membersOf('superusers', { after: null, limit: 100 });
          for (const user of before) {
            if (!pair.some(({ id }) => id === user.id)) await accounts.delete(user.id, operator);
          }
          const [a, b] = pair;
          const [byA, byB] = [await actAs(a, opened.store), await actAs(b, opened.store)];
          const ways = [
            () => [accounts.delete(b.id, byA), other.accounts.delete(a.id, byB)],
            () => [
              accounts.changeStatus(b.id, 'suspended', byA),
              other.accounts.changeStatus(a.id, 'suspended', byB),
            ],
            () => [
              accounts.removeFromGroup('superusers', `user:${b.username}`, byA),
              other.accounts.removeFromGroup('superusers', `user:${a.username}`, byB),
            ],
          ] as const;
          const outcomes = await Promise.allSettled(ways[round % ways.length]!());
          expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
          const left = await opened.store.groups.membersOf('superusers', { after: null, limit: 100 });
          expect(left.filter(({ status }) => status === 'active')).toHaveLength(1);
        }
      } finally {
        await other.close();
        await store.close();
      }
    },
    rounds(60_000, 300_000),
  );
});
