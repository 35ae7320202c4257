import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/core/ids.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Username } from '../../src/core/names.ts';
import type { NewUser, Store } from '../../src/store/store.ts';
import { openTestStore, storeKinds, type TestStore } from './open-test-store.ts';

const at = 1_800_000_000_000;

const user = (username: string, more: Partial<NewUser> = {}): NewUser => ({
  id: newId(systemClock),
  username: username as Username,
  name: `The ${username}`,
  attributes: {},
  createdAt: at,
  emails: [],
  passwordHash: null,
  ...more,
});

describe.each(storeKinds)('the %s store', (kind) => {
  let opened: TestStore;
  let store: Store;
  beforeAll(async () => {
    opened = await openTestStore(kind);
    store = opened.store;
  });
  afterAll(() => opened.close());
  beforeEach(() => opened.empty());

  test('an account comes back as it was inserted', async () => {
    const ann = user('ann', { attributes: { department: 'support', level: 3, tags: ['a', 'b'] } });
    expect(await store.users.insert(ann)).toBe(true);
    expect(await store.users.find(ann.id)).toEqual({
      id: ann.id,
      username: 'ann',
      name: 'The ann',
      status: 'active',
      attributes: { department: 'support', level: 3, tags: ['a', 'b'] },
      sessionEpoch: 0,
      createdAt: at,
    });
  });
});
