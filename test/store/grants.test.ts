import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { GrantRow } from '../../src/store/contract/grants.ts';
import type { NewUser } from '../../src/store/contract/users.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, grantTo, userNamed } from './rows.ts';

describe.each(storeKinds)('grants of the %s store', (kind) => {
  let opened: TestStore;
  let ann: NewUser;
  const grants = () => opened.store.grants;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    ann = userNamed('ann');
    await opened.store.users.insert(ann);
  });

  test('a grant comes back as it was given, with whom it is for; the oldest first', async () => {
    const later = grantTo({ userId: ann.id }, { action: 'read', by: 'operator', at: at + 1 });
    const earlier = grantTo({ group: 'support' });
    for (const grant of [later, earlier]) expect(await grants().add(grant)).toBe(true);
    const named = [
      { ...earlier, subject: 'group:support' },
      { ...later, subject: 'user:ann' },
    ];
    expect(await grants().list()).toEqual(named);
    expect(await grants().find(later.id)).toEqual(named[1]);
    expect(await grants().find(userNamed('x').id)).toBeNull();
    expect(await grants().find('no id')).toBeNull();
  });

  test('a grant follows its account to a new name', async () => {
    const grant = grantTo({ userId: ann.id });
    await grants().add(grant);
    await opened.store.users.rename(ann.id, { username: userNamed('anne').username });
    expect((await grants().find(grant.id))?.subject).toBe('user:anne');
  });

  test('a grant to a group that is new makes it', async () => {
    await grants().add(grantTo({ group: 'support' }));
    expect(await opened.store.groups.list()).toEqual([{ name: 'support', createdAt: at }]);
  });

  test('the same permission is given once to each subject, for each action', async () => {
    const different: GrantRow[] = [
      grantTo({ userId: ann.id }),
      grantTo({ group: 'support' }),
      grantTo({ userId: ann.id }, { action: 'read' }),
      grantTo({ userId: ann.id }, { permission: 'accounts.view_email' }),
    ];
    for (const grant of different) expect(await grants().add(grant)).toBe(true);
    for (const grant of different) {
      expect(await grants().add({ ...grant, id: userNamed('x').id, by: 'operator' })).toBe(false);
    }
    expect(await grants().list()).toHaveLength(4);
  });

  test('of 20 who give the same at once, one does, and the epoch rises once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => grants().add(grantTo({ group: 'support' }))),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await opened.store.groups.epoch()).toBe(1);
  });

  test('a grant to an account that is gone is NOT_FOUND', async () => {
    for (const userId of [userNamed('x').id, 'no id']) {
      await expect(grants().add(grantTo({ userId }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await opened.store.groups.epoch()).toBe(0);
  });

  test('a grant for nobody, for both or of an unknown action is refused by the table itself', async () => {
    const wrong = [
      { ...grantTo({ group: 'support' }), group: null },
      { ...grantTo({ group: 'support' }), userId: ann.id },
      grantTo({ group: 'support' }, { action: 'READ' }),
      grantTo({ group: 'support' }, { permission: '' }),
    ];
    for (const grant of wrong) await expect(grants().add(grant)).rejects.toMatchObject({ code: '23514' });
    expect(await grants().list()).toEqual([]);
    expect(await opened.store.groups.list()).toEqual([]);
  });

  test('a grant is taken back once', async () => {
    const grant = grantTo({ userId: ann.id });
    await grants().add(grant);
    const answers = await Promise.all(Array.from({ length: 10 }, () => grants().remove(grant.id)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await grants().remove('no id')).toBe(false);
    expect(await grants().list()).toEqual([]);
  });

  test('grants go with their account', async () => {
    await grants().add(grantTo({ userId: ann.id }));
    await grants().add(grantTo({ group: 'support' }));
    await opened.store.users.delete(ann.id);
    expect((await grants().list()).map(({ subject }) => subject)).toEqual(['group:support']);
  });

  test('a grant never outlives an account that is deleted while it is given, and the epoch tells of both', async () => {
    for (let round = 0; round < 20; round += 1) {
      const user = userNamed(`u${round}`);
      await opened.store.users.insert(user);
      const before = await opened.store.groups.epoch();
      const [given, deleted] = await Promise.all([
        grants()
          .add(grantTo({ userId: user.id }))
          .catch((error: unknown) => (error as { code: unknown }).code),
        opened.store.users.delete(user.id),
      ]);
      expect(deleted).toBe(true);
      const raised = (await opened.store.groups.epoch()) - before;
      expect([given, raised]).toEqual(given === true ? [true, 2] : ['NOT_FOUND', 0]);
    }
    expect(await grants().list()).toEqual([]);
  });
});
