import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../src/store/store.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, grantTo, identityOf, nesting, userNamed } from './rows.ts';

const [ann, bob, cyd] = [userNamed('ann'), userNamed('bob'), userNamed('cyd')];
const identity = identityOf(bob);
const grants = { ann: grantTo({ userId: ann.id }), support: grantTo({ group: 'support' }) };
const named = (name: string) => userNamed(name).username;

/** Ann and the group support have grants; lead is in all; bob, cyd and the groups plain and billing have nothing. */
async function furnish(store: Store): Promise<void> {
  for (const user of [ann, bob, cyd]) await store.users.insert(user);
  await store.identities.insert(identity);
  for (const grant of Object.values(grants)) await store.grants.add(grant);
  for (const name of ['plain', 'billing']) await store.groups.create(name, at);
  await store.groups.addNesting(nesting('lead', 'all'));
  await store.groups.addMember('plain', cyd.id, 'operator', at);
}

type Change = readonly [what: string, change: (store: Store) => Promise<unknown>];

const raising: readonly Change[] = [
  ['a grant that is given', ({ grants }) => grants.add(grantTo({ userId: bob.id }))],
  ['a grant that is taken back', (store) => store.grants.remove(grants.ann.id)],
  ['a nesting that is made', ({ groups }) => groups.addNesting(nesting('plain', 'billing'))],
  ['a nesting that is unmade', ({ groups }) => groups.removeNesting('lead', 'all')],
  [
    'a new name of an account that has grants',
    ({ users }) => users.rename(ann.id, { username: named('anne') }),
  ],
  ['the end of an account that has grants', ({ users }) => users.delete(ann.id)],
  ['the end of a group that has grants', ({ groups }) => groups.delete('support')],
  ['the end of a group that is in another', ({ groups }) => groups.delete('lead')],
  ['the end of a group that another is in', ({ groups }) => groups.delete('all')],
];

const leaving: readonly Change[] = [
  ['a grant that stood already', ({ grants }) => grants.add(grantTo({ userId: ann.id }))],
  ['a grant that there is none of', (store) => store.grants.remove(bob.id)],
  ['a nesting that stood already', ({ groups }) => groups.addNesting(nesting('lead', 'all'))],
  ['a nesting that there is none of', ({ groups }) => groups.removeNesting('all', 'lead')],
  ['the name that an account has', ({ users }) => users.rename(ann.id, { username: ann.username })],
  ['what an account is called', ({ users }) => users.rename(ann.id, { name: 'Ann' })],
  ['a name that is taken', ({ users }) => users.rename(ann.id, { username: bob.username })],
  [
    'a new name of an account without grants',
    ({ users }) => users.rename(bob.id, { username: named('rob') }),
  ],
  ['the end of an account without grants', ({ users }) => users.delete(bob.id)],
  ['the end of an account that is gone', ({ users }) => users.delete(userNamed('x').id)],
  ['the end of a group with members alone', ({ groups }) => groups.delete('plain')],
  ['the end of a group that there is none of', ({ groups }) => groups.delete('nobody')],
  ['a new group', ({ groups }) => groups.create('sales', at)],
  ['a new account', ({ users }) => users.insert(userNamed('dan'))],
  ['a membership that is given', ({ groups }) => groups.addMember('support', bob.id, 'operator', at)],
  ['a membership that is taken away', ({ groups }) => groups.removeMember('plain', cyd.id)],
  ['memberships that claims give', ({ groups }) => groups.setClaimed(identity, ['plain', 'sales'], 'x', at)],
  ['the end of an identity', ({ identities }) => identities.delete(identity.id)],
  ['a suspension', ({ users }) => users.changeStatus(ann.id, 'active', 'suspended')],
  ['an advance of the administration', ({ administration }) => administration.advance(0)],
];

describe.each(storeKinds)('the policy epoch of the %s store', (kind) => {
  let opened: TestStore;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    await furnish(opened.store);
  });

  test.each(raising)('rises by one with %s', async (_what, change) => {
    const before = await opened.store.groups.epoch();
    await change(opened.store);
    expect(await opened.store.groups.epoch()).toBe(before + 1);
  });

  test.each(leaving)('stays at %s', async (_what, change) => {
    const before = await opened.store.groups.epoch();
    await change(opened.store);
    expect(await opened.store.groups.epoch()).toBe(before);
  });

  test.each(raising)('stays where %s is rolled back', async (_what, change) => {
    const before = await opened.store.groups.epoch();
    const undone = opened.store.transaction(async (store) => {
      await change(store);
      expect(await store.groups.epoch()).toBe(before + 1);
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    expect(await opened.store.groups.epoch()).toBe(before);
  });

  test('is the old one for whoever reads it while a change is under way', async () => {
    let seen: Promise<number> | undefined;
    await opened.store.transaction(async (store) => {
      await store.grants.add(grantTo({ userId: bob.id }));
      seen = opened.store.groups.epoch();
      // Embedded, whoever asks meanwhile waits for the end of it.
      if (kind === 'postgresql') expect(await seen).toBe(3);
      await store.check();
    });
    expect(await seen).toBe(kind === 'postgresql' ? 3 : 4);
    expect(await opened.store.groups.epoch()).toBe(4);
  });
});
