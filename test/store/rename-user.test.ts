import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { NewUser } from '../../src/store/contract/users.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, grantTo, sessionOf, userNamed } from './rows.ts';

const named = (name: string) => userNamed(name).username;

describe.each(storeKinds)('renaming an account of the %s store', (kind) => {
  let opened: TestStore;
  let ann: NewUser;
  const users = () => opened.store.users;
  const namesOf = async () =>
    (await users().list({ after: null, limit: 99 })).map(({ username, name }) => [username, name]);
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    ann = userNamed('ann');
    for (const user of [ann, userNamed('bob')]) await users().insert(user);
  });

  test('changes what is given, and nothing else', async () => {
    expect(await users().rename(ann.id, { name: 'Ann A.' })).toBe('renamed');
    expect(await namesOf()).toEqual([
      ['ann', 'Ann A.'],
      ['bob', 'The bob'],
    ]);
    expect(await users().rename(ann.id, { username: named('zoe') })).toBe('renamed');
    expect(await users().rename(ann.id, {})).toBe('renamed');
    expect(await namesOf()).toEqual([
      ['bob', 'The bob'],
      ['zoe', 'Ann A.'],
    ]);
    expect(await users().rename(ann.id, { username: named('ann'), name: 'Ann' })).toBe('renamed');
    expect(await users().find(ann.id)).toMatchObject({ username: 'ann', name: 'Ann', sessionEpoch: 0 });
  });

  test('leaves a session alive', async () => {
    const session = sessionOf(ann);
    await opened.store.sessions.insert(session);
    await users().rename(ann.id, { username: named('anne') });
    const loaded = await opened.store.sessions.load(session.idHash, {
      now: at,
      idle: 1_000,
      absolute: 1_000,
    });
    expect(loaded.user?.username).toBe('anne');
  });

  test('to a name that is taken changes nothing, and does not spoil the unit of work that met it', async () => {
    const answer = await opened.store.transaction(async (store) => {
      await store.users.changeAttributes(ann.id, { level: 1 });
      const met = await store.users.rename(ann.id, { username: named('bob'), name: 'Other' });
      await store.users.changeAttributes(ann.id, { other: 2 });
      return met;
    });
    expect(answer).toBe('taken');
    expect(await users().find(ann.id)).toMatchObject({
      username: 'ann',
      name: 'The ann',
      attributes: { level: 1, other: 2 },
    });
  });

  test('of an account that is gone says so, whatever the name', async () => {
    for (const id of [userNamed('x').id, 'no id']) {
      for (const to of [{}, { name: 'X' }, { username: named('zoe') }]) {
        expect(await users().rename(id, to)).toBe('gone');
      }
    }
    expect(await users().rename(userNamed('x').id, { username: named('bob') })).toBe('gone');
  });

  test('of 20 to one name at once, one is renamed and the others learn that it is taken', async () => {
    const people = Array.from({ length: 20 }, (_, n) => userNamed(`u${n}`));
    for (const user of people) await users().insert(user);
    const answers = await Promise.all(people.map(({ id }) => users().rename(id, { username: named('zoe') })));
    expect(answers.filter((answer) => answer === 'renamed')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(19);
  });

  test('to a name that a new account takes at the same time: one of the two has it', async () => {
    for (let round = 0; round < 20; round += 1) {
      const name = `n${round}`;
      const [renamed, inserted] = await Promise.all([
        users().rename(ann.id, { username: named(name) }),
        users().insert(userNamed(name)),
      ]);
      expect([renamed, inserted]).toEqual(inserted ? ['taken', true] : ['renamed', false]);
    }
  });

  test('two accounts to each other’s names at once ends, and leaves both with a name of their own', async () => {
    const bob = await users().findByUsername(named('bob'));
    await opened.store.grants.add(grantTo({ userId: ann.id }));
    await opened.store.grants.add(grantTo({ userId: bob!.id }));
    const answers = await Promise.all([
      users().rename(ann.id, { username: named('bob') }),
      users().rename(bob!.id, { username: named('ann') }),
    ]);
    expect(answers).toEqual(['taken', 'taken']);
    expect((await namesOf()).map(([username]) => username)).toEqual(['ann', 'bob']);
  });
});
