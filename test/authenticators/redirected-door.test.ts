import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import type { Identification } from '../../src/authenticators/authenticator.ts';
import { PortcullisError } from '../../src/core/errors.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { codeOf, finishOf, identity, proved, redirectingTo, succeeds } from './careless-redirecting.ts';
import { hostileCallbacks, type HostileRedirect } from './hostile-redirects.ts';
import { type House, openHouse } from './open-house.ts';

describe.each(storeKinds)('the door for redirected logins on the %s store', (kind) => {
  let house: House;
  let finish: ReturnType<typeof finishOf>;
  beforeAll(async () => {
    house = await openHouse(kind);
    finish = finishOf(house);
  });
  afterAll(() => house.close());
  beforeEach(() => house.empty());
  const reasonOf = (): unknown => house.records.at(-1)?.details?.['reason'];

  test('lets somebody in whom the strategy proves, and hands it the query and what it kept', async () => {
    const told: unknown[] = [];
    const authenticator = redirectingTo((own, { query, session }) => {
      told.push({ query: { ...query }, session });
      own.success({});
    });
    const transaction = { id: randomBytes(32), kept: { verifier: 'v' }, linkTo: null };
    const result = await finish(authenticator, { transaction });
    expect(told).toEqual([{ query: { code: 'the-code', state: 'the-state' }, session: { verifier: 'v' } }]);
    const user = await house.accounts.byUsername('pat');
    const authentication = { authenticator: 'acme', amr: ['fed'], aal: 2, authTime: 0 };
    expect(result).toEqual({ kind: 'logged-in', user, authentication });
    expect(house.begun).toEqual([{ user, authentication, logoutHint: null }]);
    expect(house.records).toMatchObject([
      {
        event: 'login.succeeded',
        accountId: user.id,
        origin: { subject: 'user:pat', authenticator: 'acme' },
      },
    ]);
  });

  test.each(hostileCallbacks)('C60: a strategy that $title logs nobody in', async ({ does }) => {
    // What it calls a user may be anything: whoever is not known to have been verified is nobody.
    const identify = (): Promise<Identification> => Promise.resolve({ kind: 'none', reason: 'not verified' });
    const result = await finish(redirectingTo(does, identify));
    expect(result).toMatchObject({ kind: 'refused', error: { code: 'LOGIN_REFUSED', status: 401 } });
    expect(house.begun).toEqual([]);
    expect(house.records).toHaveLength(1);
    expect(house.records[0]).toMatchObject({ event: 'login.failed', origin: { authenticator: 'acme' } });
  });

  test.each<[string, number | null, (now: number) => number]>([
    ['nobody says when', null, () => 0],
    ['it was an hour ago', -3_600_000, (now) => now - 3_600_000],
    ['it is in the future', 3_600_000, (now) => now],
  ])('where %s, the session says so', async (_title, offset, expected) => {
    const now = house.clock.now();
    const authTime = offset === null ? null : now + offset;
    await finish(redirectingTo(succeeds, () => Promise.resolve(proved({ authTime }))));
    expect(house.begun[0]?.authentication.authTime).toBe(expected(now));
  });

  test('an account that is named instead of an identity was never proved recently', async () => {
    const ann = await house.accounts.create({ username: 'ann' }, operator);
    const identify = (): Promise<Identification> => Promise.resolve({ kind: 'account', user: ann });
    expect(await finish(redirectingTo(succeeds, identify))).toMatchObject({
      kind: 'logged-in',
      authentication: { authTime: 0 },
    });
  });

  test.each([
    ['is kept', 'h'.repeat(4_000), 'h'.repeat(4_000)],
    ['that is too long is left out', 'h'.repeat(4_001), null],
  ])('a logout hint %s', async (_title, logoutHint, kept) => {
    await finish(redirectingTo(succeeds, () => Promise.resolve(proved({ logoutHint }))));
    expect(house.begun[0]?.logoutHint).toBe(kept);
  });

  test('C51: a transaction is used up before anything else is looked at, for all who come with it at once', async () => {
    let asked = 0;
    const authenticator = redirectingTo((own) => {
      asked += 1;
      own.success({});
    });
    const transaction = { id: randomBytes(32), kept: {}, linkTo: null };
    const results = await Promise.all(
      Array.from({ length: 20 }, () => finish(authenticator, { transaction })),
    );
    expect(results.filter(({ kind }) => kind === 'logged-in')).toHaveLength(1);
    expect(asked).toBe(1);
    expect(house.begun).toHaveLength(1);
    expect(house.records.filter(({ event }) => event === 'login.failed')).toHaveLength(19);
  });

  test('without a transaction asks no strategy', async () => {
    let asked = 0;
    const authenticator = redirectingTo(() => (asked += 1));
    expect(codeOf(await finish(authenticator, { transaction: null }))).toBe('LOGIN_REFUSED');
    expect(asked).toBe(0);
  });

  test('a provider that says no is not asked to prove anybody, whatever else it sent', async () => {
    let asked = 0;
    const authenticator = redirectingTo((own) => {
      asked += 1;
      own.success({});
    });
    const query = { error: 'access_denied', code: 'the-code', state: 'the-state' };
    expect(codeOf(await finish(authenticator, { query }))).toBe('LOGIN_REFUSED');
    expect(asked).toBe(0);
    expect(reasonOf()).toBe('acme refused: access_denied');
  });

  test('C35: no text of a strategy brings code, state, verifier or token into a record', async () => {
    const kept = { 'openidconnect:op': { state: { handle: 'the-state', verifier: 'the-verifier' } } };
    const token = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJwYXQifQ.c2lnbmF0dXJl';
    const url = '/login/acme/callback?code=the%2Dcode%2Bplus&state=the-state';
    const query = { code: 'the-code+plus', state: 'the-state' };
    const says = `GET ${url} with ${JSON.stringify({ ...query, ...kept, token })} ${encodeURIComponent('the-code+plus')}`;
    const leaky: HostileRedirect['does'][] = [
      (own) => {
        own.error(new Error(says));
      },
      (own) => {
        own.fail({ message: says });
      },
      (own) => {
        own.fail(says);
      },
      () => {
        throw new Error(says);
      },
      (own) => {
        own.error(new PortcullisError('UNAVAILABLE', { detail: says, cause: new Error(says) }));
      },
    ];
    for (const does of leaky) {
      const transaction = { id: randomBytes(32), kept, linkTo: null };
      const result = await finish(redirectingTo(does), { url, query, transaction });
      expect(result.kind).toBe('refused');
    }
    const refusing = redirectingTo(succeeds, () => Promise.resolve({ kind: 'refused', reason: says }));
    await finish(refusing, { url, query, transaction: { id: randomBytes(32), kept, linkTo: null } });
    expect(house.records).toHaveLength(leaky.length + 1);
    const told = JSON.stringify(house.records) + house.log.text();
    for (const secret of ['the-code', 'the%2Dcode', 'the-state', 'the-verifier', 'eyJ'])
      expect(told).not.toContain(secret);
    expect(told).toContain('[secret]');
  });

  test('a provider that a strategy knows to be down is said to be', async () => {
    const down = redirectingTo((own) => {
      own.error(new PortcullisError('UNAVAILABLE', { detail: 'token endpoint' }));
    });
    expect(await finish(down)).toMatchObject({
      error: {
        code: 'UNAVAILABLE',
        message: 'Acme does not answer. Try again in a moment, or log in another way.',
      },
    });
    expect(reasonOf()).toBe('token endpoint');
  });

  test('a name that the policy speaks of, or that somebody has, is not given away', async () => {
    await house.accounts.create({ username: 'ann' }, operator);
    for (const username of ['named', 'ann', 'no such name!', null]) {
      const stranger = proved({ identity: { ...identity, username } });
      const result = await finish(redirectingTo(succeeds, () => Promise.resolve(stranger)));
      expect(codeOf(result)).toBe('LOGIN_REFUSED');
    }
    expect(house.begun).toEqual([]);
    expect(await house.opened.store.users.count()).toBe(1);
  });

  test('an account that is suspended while it is proved begins no session', async () => {
    const begins = redirectingTo(succeeds);
    await finish(begins);
    const { id } = await house.accounts.byUsername('pat');
    await house.accounts.changeStatus(id, 'suspended', operator);
    house.begun.length = 0;
    expect(codeOf(await finish(begins))).toBe('LOGIN_REFUSED');
    expect(house.begun).toEqual([]);
    expect(reasonOf()).toBe('the account is suspended');
  });

  test('a session that can’t begin is a refusal, with the cause in the log alone', async () => {
    const client = { ...house.client, begin: () => Promise.reject(new Error('secret cause')) };
    expect(codeOf(await finish(redirectingTo(succeeds), { client }))).toBe('INTERNAL');
    expect(JSON.stringify(house.records)).not.toContain('secret cause');
    expect(house.log.text()).toContain('secret cause');
  });
});
