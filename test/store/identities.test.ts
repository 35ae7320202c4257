import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IdentityRow } from '../../src/store/contract/identities.ts';
import type { NewUser } from '../../src/store/contract/users.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, identityOf, userNamed } from './rows.ts';

describe.each(storeKinds)('identities of the %s store', (kind) => {
  let opened: TestStore;
  let ann: NewUser;
  let bob: NewUser;
  const identities = () => opened.store.identities;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    [ann, bob] = [userNamed('ann'), userNamed('bob')];
    for (const user of [ann, bob]) await opened.store.users.insert(user);
  });
  const insert = async (user: NewUser, more: Partial<IdentityRow> = {}) => {
    const identity = identityOf(user, more);
    expect(await identities().insert(identity)).toBe(true);
    return identity;
  };

  test('an identity comes back as it went in', async () => {
    const identity = await insert(ann, { label: 'Ann “A.” é 🦊' });
    expect(await identities().find(identity.issuer, identity.subject)).toEqual(identity);
    expect(await identities().byId(identity.id)).toEqual(identity);
    expect(await identities().byId(ann.id)).toBeNull();
    expect(await identities().byId('no id')).toBeNull();
  });

  test('each account’s identities are told, the oldest first', async () => {
    const second = await insert(ann, { linkedAt: at + 2 });
    const first = await insert(ann, { linkedAt: at + 1 });
    expect(await identities().ofUsers([ann.id, bob.id, 'no id'])).toEqual(
      new Map([
        [ann.id, [first, second]],
        [bob.id, []],
        ['no id', []],
      ]),
    );
  });

  test('C54: the key is issuer and subject together, to the letter', async () => {
    const theirs = await insert(ann, { issuer: 'https://one.example', subject: 'Ann' });
    for (const [issuer, subject] of [
      ['https://two.example', 'Ann'],
      ['https://one.example', 'ann'],
      ['https://one.example/', 'Ann'],
      ['https://one.example', 'Ann '],
      ['https://one.example', 'A\u0301nn'],
    ] as const) {
      expect(await identities().find(issuer, subject)).toBeNull();
      expect(await identities().insert(identityOf(bob, { issuer, subject }))).toBe(true);
    }
    expect(await identities().find(theirs.issuer, theirs.subject)).toEqual(theirs);
  });

  test('C54: an identity is one account’s, and the second is refused without a trace', async () => {
    const theirs = await insert(ann);
    expect(await identities().insert(identityOf(bob, { subject: theirs.subject }))).toBe(false);
    expect(await identities().insert({ ...identityOf(ann), id: theirs.id })).toBe(false);
    expect((await identities().ofUsers([bob.id])).get(bob.id)).toEqual([]);
    await opened.store.transaction(async (store) => {
      expect(await store.identities.insert(identityOf(bob, { subject: theirs.subject }))).toBe(false);
      expect(await store.identities.insert(identityOf(bob))).toBe(true);
    });
  });

  test('C54: of 20 who take one identity at once, one gets it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        identities().insert(identityOf(n % 2 === 0 ? ann : bob, { subject: 'same' })),
      ),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  test('subjects that would become the same on their way are nobody’s', async () => {
    for (const subject of ['a\0', '\ud800', 'a\udfffb']) {
      await expect(identities().insert(identityOf(ann, { subject }))).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      });
      expect(await identities().find('https://op.example', subject)).toBeNull();
    }
    expect(await identities().insert(identityOf(ann, { subject: '\ufffd' }))).toBe(true);
  });

  test('a label is kept as far as it can be', async () => {
    const identity = await insert(ann, { label: `a\0\ud800${'x'.repeat(500)}` });
    expect((await identities().byId(identity.id))?.label).toBe(`a\ufffd\ufffd${'x'.repeat(197)}`);
  });

  test('the longest issuer and subject fit, and longer ones are refused', async () => {
    const [issuer, subject] = ['i'.repeat(500), '🦊'.repeat(255)];
    await insert(ann, { issuer, subject });
    for (const more of [
      { issuer: `${issuer}i` },
      { subject: `${subject}s` },
      { issuer: '' },
      { subject: '' },
    ]) {
      await expect(identities().insert(identityOf(ann, more))).rejects.toMatchObject({ code: '23514' });
    }
  });

  test('an identity of an account that is gone is NOT_FOUND', async () => {
    for (const id of [userNamed('x').id, 'no id']) {
      await expect(identities().insert(identityOf({ id }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test('a use is recorded, and the latest one stands', async () => {
    const identity = await insert(ann);
    const use = { authenticator: 'home', label: 'Ann A.', lastUsedAt: at + 50 };
    expect(await identities().recordUse(identity.id, use)).toBe(true);
    expect(await identities().recordUse(identity.id, { ...use, lastUsedAt: at + 20 })).toBe(true);
    expect(await identities().byId(identity.id)).toEqual({ ...identity, ...use });
    expect(await identities().recordUse(ann.id, use)).toBe(false);
    expect(await identities().recordUse('no id', use)).toBe(false);
  });

  test('an identity is deleted once, and then free for another account', async () => {
    const identity = await insert(ann);
    expect(await identities().delete(identity.id)).toBe(true);
    expect(await identities().delete(identity.id)).toBe(false);
    expect(await identities().delete('no id')).toBe(false);
    expect(await identities().insert(identityOf(bob, { subject: identity.subject }))).toBe(true);
  });

  test('identities go with their account', async () => {
    const identity = await insert(ann);
    await opened.store.users.delete(ann.id);
    expect(await identities().byId(identity.id)).toBeNull();
  });
});
