import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IdentityRow } from '../../src/store/contract/identities.ts';
import type { NewUser } from '../../src/store/contract/users.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, identityOf, sessionOf, userNamed } from './rows.ts';

describe.each(storeKinds)('groups that claims give, on the %s store', (kind) => {
  let opened: TestStore;
  let ann: NewUser;
  let work: IdentityRow;
  let home: IdentityRow;
  const groups = () => opened.store.groups;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    ann = userNamed('ann');
    await opened.store.users.insert(ann);
    work = identityOf(ann);
    home = identityOf(ann, { issuer: 'https://home.example' });
    for (const identity of [work, home]) await opened.store.identities.insert(identity);
  });

  const claim = (identity: IdentityRow, ...names: string[]) =>
    groups().setClaimed(identity, names, 'authenticator:work', at);
  const groupsOfAnn = async () => (await groups().groupsOf([ann.id])).get(ann.id);
  const members = async (group: string, limit = 9) =>
    (await groups().membersOf(group, { after: null, limit })).map(({ username }) => username);

  test('are exactly those of the last claims, and what changed is told', async () => {
    expect(await claim(work, 'support', 'billing', 'support')).toEqual({
      added: ['billing', 'support'],
      removed: [],
    });
    expect(await claim(work, 'support', 'billing')).toEqual({ added: [], removed: [] });
    expect(await claim(work, 'sales', 'support')).toEqual({ added: ['sales'], removed: ['billing'] });
    expect(await groupsOfAnn()).toEqual(['sales', 'support']);
    expect(await claim(work)).toEqual({ added: [], removed: ['sales', 'support'] });
    expect(await groupsOfAnn()).toEqual([]);
    expect((await groups().list()).map(({ name }) => name)).toEqual(['billing', 'sales', 'support']);
    expect(await groups().epoch()).toBe(0);
  });

  test('of a thousand names come and go in one call each', async () => {
    const names = Array.from({ length: 1_000 }, (_, n) => `g${n}`);
    expect((await claim(work, ...names)).added).toHaveLength(1_000);
    expect(await groupsOfAnn()).toHaveLength(1_000);
    expect((await claim(work)).removed).toHaveLength(1_000);
  });

  test('stand beside those that an administrator and another identity gave: each is told once', async () => {
    await claim(work, 'support');
    await claim(home, 'support');
    expect(await groups().addMember('support', ann.id, 'user:root', at)).toBe(true);
    expect(await groups().addMember('support', ann.id, 'user:root', at)).toBe(false);
    const bob = userNamed('bob');
    await opened.store.users.insert(bob);
    await groups().addMember('support', bob.id, 'user:root', at);

    expect(await groupsOfAnn()).toEqual(['support']);
    expect(await members('support')).toEqual(['ann', 'bob']);
    expect(await members('support', 2)).toEqual(['ann', 'bob']);
    const session = sessionOf(ann);
    await opened.store.sessions.insert(session);
    const loaded = await opened.store.sessions.load(session.idHash, {
      now: at,
      idle: 1_000,
      absolute: 1_000,
    });
    expect(loaded.groups).toEqual(['support']);
    expect((await opened.store.sessions.loadUser(ann.id)).groups).toEqual(['support']);

    // Each giver takes its own away.
    await claim(work);
    expect(await groupsOfAnn()).toEqual(['support']);
    await opened.store.identities.delete(home.id);
    expect(await groupsOfAnn()).toEqual(['support']);
    expect(await groups().removeMember('support', ann.id)).toBe(true);
    expect(await groupsOfAnn()).toEqual([]);
  });

  test('can be taken away by an administrator, and come again with the claims', async () => {
    await claim(work, 'support');
    await claim(home, 'support');
    await groups().addMember('support', ann.id, 'user:root', at);
    expect(await groups().removeMember('support', ann.id)).toBe(true);
    expect(await groups().removeMember('support', ann.id)).toBe(false);
    expect(await groupsOfAnn()).toEqual([]);
    expect(await claim(work, 'support')).toEqual({ added: ['support'], removed: [] });
    expect(await groupsOfAnn()).toEqual(['support']);
  });

  test('go with their identity', async () => {
    await claim(work, 'support', 'billing');
    await claim(home, 'billing');
    await opened.store.identities.delete(work.id);
    expect(await groupsOfAnn()).toEqual(['billing']);
  });

  test('are given to nobody by an identity that is gone, or that is somebody else’s', async () => {
    const bob = userNamed('bob');
    await opened.store.users.insert(bob);
    for (const stranger of [identityOf(ann), { ...work, userId: bob.id }, { ...work, id: 'no id' }]) {
      await expect(claim(stranger, 'support')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await groups().list()).toEqual([]);
  });

  test('are those of one login whole, of many of one identity at once', async () => {
    const claims = Array.from({ length: 12 }, (_, n) => [`a${n % 3}`, `b${n % 4}`, 'all']);
    await Promise.all(claims.map((names) => claim(work, ...names)));
    const there = await groupsOfAnn();
    expect(claims.map((names) => names.sort().join())).toContain(there?.join());
  });
});
