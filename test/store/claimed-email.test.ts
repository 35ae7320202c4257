import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IdentityRow } from '../../src/store/contract/identities.ts';
import type { NewUser } from '../../src/store/contract/users.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, identityOf, userNamed } from './rows.ts';

const later = at + 5_000;

describe.each(storeKinds)('an e-mail address that claims give, on the %s store', (kind) => {
  let opened: TestStore;
  let ann: NewUser;
  let work: IdentityRow;
  let home: IdentityRow;
  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    ann = { ...userNamed('ann'), emails: [] };
    await opened.store.users.insert(ann);
    work = identityOf(ann);
    home = identityOf(ann, { issuer: 'https://home.example' });
    for (const identity of [work, home]) await opened.store.identities.insert(identity);
  });

  const claim = (identity: IdentityRow, address: string, verified = true, when = at) =>
    opened.store.identities.setClaimedEmail(identity, { address, verified }, when);
  const addresses = async (user = ann) =>
    ((await opened.store.users.emailsOf([user.id])).get(user.id) ?? []).map(
      ({ address, primary, verifiedAt }) => [address, primary, verifiedAt] as const,
    );

  test('is the newest that the identity gave, and no other beside it', async () => {
    expect(await claim(work, 'ann@work.example')).toBe(true);
    expect(await claim(work, 'ann@work.example', true, later)).toBe(false);
    expect(await addresses()).toEqual([['ann@work.example', true, at]]);
    expect(await claim(work, 'ann.archer@work.example', true, later)).toBe(true);
    expect(await addresses()).toEqual([['ann.archer@work.example', true, later]]);
  });

  test('is verified for as long as the claims say so, since they first did; a new address has to be verified anew', async () => {
    await claim(work, 'ann@work.example', false);
    expect(await addresses()).toEqual([['ann@work.example', true, null]]);
    expect(await claim(work, 'ann@work.example', true, at)).toBe(true);
    await claim(work, 'ann@work.example', true, later);
    expect(await addresses()).toEqual([['ann@work.example', true, at]]);
    expect(await claim(work, 'other@work.example', false, later)).toBe(true);
    expect(await addresses()).toEqual([['other@work.example', true, null]]);
  });

  test('is the primary only where there is none, and stands once for two identities', async () => {
    await claim(work, 'ann@work.example');
    await claim(home, 'ann@home.example');
    expect(await addresses()).toEqual([
      ['ann@home.example', false, at],
      ['ann@work.example', true, at],
    ]);
    expect(await claim(work, 'ann@home.example')).toBe(true);
    expect(await addresses()).toEqual([['ann@home.example', true, at]]);
    expect(await claim(work, 'ann@home.example', false)).toBe(false);
    expect(await addresses()).toEqual([['ann@home.example', true, at]]);
  });

  test('leaves alone what was given here', async () => {
    const bob = userNamed('bob');
    const given = { id: bob.id, address: 'bob@example.org', primary: true, verifiedAt: null };
    await opened.store.users.insert({ ...bob, emails: [given] });
    const known = identityOf(bob);
    await opened.store.identities.insert(known);
    expect(await claim(known, 'bob@example.org')).toBe(false);
    expect(await claim(known, 'bob@work.example')).toBe(true);
    expect(await addresses(bob)).toEqual([
      ['bob@example.org', true, null],
      ['bob@work.example', false, at],
    ]);
  });

  test('stays as the account’s own when the identity goes', async () => {
    await claim(work, 'ann@work.example');
    await opened.store.identities.delete(work.id);
    expect(await addresses()).toEqual([['ann@work.example', true, at]]);
    await expect(claim(work, 'other@work.example')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is given by two identities at the same time without one of them failing', async () => {
    for (let round = 0; round < 10; round++) {
      const address = `ann${round}@example.org`;
      await Promise.all([claim(work, address), claim(home, address)]);
      expect((await addresses()).map(([each]) => each)).toContain(address);
    }
  });
});
