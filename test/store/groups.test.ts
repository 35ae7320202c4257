import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, grantTo, identityOf, nesting, userNamed } from './rows.ts';

describe.each(storeKinds)('groups of the %s store', (kind) => {
  let opened: TestStore;
  const groups = () => opened.store.groups;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(() => opened.empty());

  const insert = async (name: string) => {
    const user = userNamed(name);
    await opened.store.users.insert(user);
    return user;
  };

  test('the first member makes the group; the second time nothing is new', async () => {
    const ann = await insert('ann');
    expect(await groups().addMember('support', ann.id, 'user:root', at)).toBe(true);
    expect(await groups().addMember('support', ann.id, 'user:root', at + 1)).toBe(false);
    expect(await groups().list()).toEqual([{ name: 'support', createdAt: at }]);
    expect(await opened.sql('SELECT added_by, added_at FROM memberships')).toEqual([
      { added_by: 'user:root', added_at: new Date(at) },
    ]);
  });

  test('a membership of an account that is gone is NOT_FOUND', async () => {
    for (const id of [userNamed('x').id, 'no id']) {
      await expect(groups().addMember('support', id, 'operator', at)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
    expect(await groups().list()).toEqual([]);
  });

  test('memberships are told for each account asked about, those without any too', async () => {
    const [ann, bob] = [await insert('ann'), await insert('bob')];
    for (const group of ['support', 'billing']) await groups().addMember(group, ann.id, 'operator', at);
    expect(await groups().groupsOf([ann.id, bob.id, 'no id'])).toEqual(
      new Map([
        [ann.id, ['billing', 'support']],
        [bob.id, []],
        ['no id', []],
      ]),
    );
  });

  test('members come in pages, by username', async () => {
    const people = [];
    for (const name of ['cyd', 'ann', 'bob', 'dan']) people.push(await insert(name));
    for (const { id } of people.slice(0, 3)) await groups().addMember('support', id, 'operator', at);
    const first = await groups().membersOf('support', { after: null, limit: 2 });
    expect(first.map(({ username }) => username)).toEqual(['ann', 'bob']);
    expect(first[0]).toEqual(await opened.store.users.find(first[0]!.id));
    const rest = await groups().membersOf('support', { after: first[1]!.username, limit: 2 });
    expect(rest.map(({ username }) => username)).toEqual(['cyd']);
    expect(await groups().membersOf('nobody', { after: null, limit: 2 })).toEqual([]);
  });

  test('a membership can be removed once, and does not move the policy epoch', async () => {
    const ann = await insert('ann');
    await groups().addMember('support', ann.id, 'operator', at);
    expect(await groups().removeMember('support', ann.id)).toBe(true);
    expect(await groups().removeMember('support', ann.id)).toBe(false);
    expect(await groups().removeMember('support', 'no id')).toBe(false);
    expect(await groups().epoch()).toBe(0);
  });

  test('a group is created once, and of 20 who create it at once one does', async () => {
    expect(await groups().create('support', at)).toBe(true);
    expect(await groups().create('support', at + 1)).toBe(false);
    expect(await groups().list()).toEqual([{ name: 'support', createdAt: at }]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => groups().create('billing', at)));
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  test('a deleted group takes its memberships, nestings and grants along, and nothing of others', async () => {
    const ann = await insert('ann');
    const identity = identityOf(ann);
    await opened.store.identities.insert(identity);
    await groups().setClaimed(identity, ['support', 'sales'], 'login', at);
    for (const group of ['support', 'billing']) {
      await groups().addMember(group, ann.id, 'operator', at);
      await opened.store.grants.add(grantTo({ group }));
    }
    for (const row of [nesting('lead', 'support'), nesting('support', 'all'), nesting('lead', 'all')])
      await groups().addNesting(row);
    expect(await groups().delete('support')).toBe(true);
    expect(await groups().delete('support')).toBe(false);
    expect((await groups().list()).map(({ name }) => name)).toEqual(['all', 'billing', 'lead', 'sales']);
    expect(await groups().groupsOf([ann.id])).toEqual(new Map([[ann.id, ['billing', 'sales']]]));
    expect((await groups().nestings()).map(({ member, group }) => [member, group])).toEqual([
      ['lead', 'all'],
    ]);
    expect((await opened.store.grants.list()).map(({ subject }) => subject)).toEqual(['group:billing']);
  });

  test('a member may be added to a group that is deleted at the same time: the group is there or the member is not', async () => {
    const ann = await insert('ann');
    for (let round = 0; round < 40; round += 1) {
      await groups().create('support', at);
      const [added] = await Promise.all([
        groups().addMember('support', ann.id, 'operator', at),
        groups().delete('support'),
      ]);
      expect(added).toBe(true);
      const there = (await groups().list()).length === 1;
      expect(await groups().groupsOf([ann.id])).toEqual(new Map([[ann.id, there ? ['support'] : []]]));
      await groups().delete('support');
    }
  });

  test('a nesting raises the policy epoch when it comes and when it goes, and only then', async () => {
    const row = nesting('lead', 'support');
    expect(await groups().addNesting(row)).toBe(true);
    expect(await groups().addNesting(nesting('lead', 'support'))).toBe(false);
    expect(await groups().epoch()).toBe(1);
    expect(await groups().nestings()).toEqual([row]);
    expect((await groups().list()).map(({ name }) => name)).toEqual(['lead', 'support']);
    expect(await groups().removeNesting('lead', 'support')).toBe(true);
    expect(await groups().removeNesting('lead', 'support')).toBe(false);
    expect(await groups().epoch()).toBe(2);
    expect(await groups().nestings()).toEqual([]);
  });

  test('nestings made at once, in both directions, all raise the epoch and none waits for another', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const rows = names.flatMap((member) =>
      names.filter((group) => group !== member).map((group) => nesting(member, group)),
    );
    const added = await Promise.all(rows.map((row) => groups().addNesting(row)));
    expect(added.every(Boolean)).toBe(true);
    expect(await groups().epoch()).toBe(20);
  });

  test('a nesting that is rolled back leaves the epoch where it was', async () => {
    await expect(
      opened.store.transaction(async (store) => {
        await store.groups.addNesting(nesting('lead', 'support'));
        expect(await store.groups.epoch()).toBe(1);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await groups().epoch()).toBe(0);
    expect(await groups().list()).toEqual([]);
  });
});
