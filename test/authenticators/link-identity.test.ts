import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import type { Identification } from '../../src/authenticators/authenticator.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { codeOf, finishOf, identity, redirectingTo, succeeds } from './careless-redirecting.ts';
import { type House, openHouse } from './open-house.ts';

describe.each(storeKinds)('linking at the door on the %s store', (kind) => {
  let house: House;
  let finish: ReturnType<typeof finishOf>;
  beforeAll(async () => {
    house = await openHouse(kind);
    finish = finishOf(house);
  });
  afterAll(() => house.close());
  beforeEach(() => house.empty());

  let annId: string;
  const asAnn = () => ({
    ...house.client,
    origin: { ...house.origin, subject: 'user:ann', userId: annId },
  });
  beforeEach(async () => {
    annId = (await house.accounts.create({ username: 'ann' }, operator)).id;
  });

  test('an identity is linked to whoever is logged in, begins no session, and logs them in from then on', async () => {
    const result = await finish(redirectingTo(succeeds), { linkTo: annId, client: asAnn() });
    expect(result).toMatchObject({ kind: 'linked', user: { username: 'ann' } });
    expect(house.begun).toEqual([]);
    const again = await finish(redirectingTo(succeeds));
    expect(again).toMatchObject({ kind: 'logged-in', user: { username: 'ann' } });
  });

  test('needs the account that began it to be logged in still', async () => {
    let asked = 0;
    const authenticator = redirectingTo((own) => {
      asked += 1;
      own.success({});
    });
    const bob = await house.accounts.create({ username: 'bob' }, operator);
    const asBob = { ...house.client, origin: { ...house.origin, userId: bob.id } };
    for (const client of [house.client, asBob])
      expect(codeOf(await finish(authenticator, { linkTo: annId, client }))).toBe('LOGIN_REFUSED');
    expect(asked).toBe(0);
    expect(await house.opened.store.identities.find(identity.issuer, identity.subject)).toBeNull();
    expect(house.records.map(({ event }) => event)).toEqual(['identity.refused', 'identity.refused']);
  });

  test('an identity that is somebody else’s already is a CONFLICT, recorded once', async () => {
    await finish(redirectingTo(succeeds));
    const before = house.records.length;
    expect(codeOf(await finish(redirectingTo(succeeds), { linkTo: annId, client: asAnn() }))).toBe(
      'CONFLICT',
    );
    expect(house.records.slice(before).filter(({ event }) => event === 'login.failed')).toEqual([]);
  });

  test('an account that is named instead of an identity is not linked', async () => {
    const bob = await house.accounts.create({ username: 'bob' }, operator);
    const identify = (): Promise<Identification> => Promise.resolve({ kind: 'account', user: bob });
    const result = await finish(redirectingTo(succeeds, identify), { linkTo: annId, client: asAnn() });
    expect(codeOf(result)).toBe('LOGIN_REFUSED');
  });
});
