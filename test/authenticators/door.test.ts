import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Authenticator } from '../../src/authenticators/authenticator.ts';
import { formSteps, linkSteps, redirectedSteps } from '../../src/authenticators/login-steps.ts';
import type { LoginResult } from '../../src/authenticators/login.ts';
import { operator } from '../../src/accounts/actor.ts';
import { PortcullisError } from '../../src/core/errors.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { hostileCases, strategyThat } from './hostile-strategies.ts';
import { openHouse, type House } from './open-house.ts';

const secret = 'correct horse battery';
const good = { username: 'ann', password: secret };
const fields = ['username', 'password'].map((name) => ({
  name,
  label: name,
  type: 'text' as const,
  autocomplete: name,
  maxLength: 100,
}));

/** An authenticator as a careless integrator writes one: it believes its strategy. */
const careless = (
  name: string,
  does: Parameters<typeof strategyThat>[0],
  identify: Authenticator['identify'] = (user) => Promise.resolve({ kind: 'account', user: user as never }),
): Authenticator => ({
  name,
  strategy: strategyThat(does),
  proves: { amr: ['pwd'], aal: 1 },
  identify,
  form: { fields },
});

const namesOf = (steps: readonly { readonly name: string }[]): string[] => steps.map(({ name }) => name);

test('the steps of a login with a form stand in this order', () => {
  expect(namesOf(formSteps)).toEqual([
    'find authenticator',
    'parse credentials',
    'take attempt',
    'prove',
    'check account',
    'clear attempts',
    'begin session',
    'give attempt back',
    'record',
  ]);
  expect(namesOf(formSteps.filter(({ always }) => always))).toEqual(['give attempt back', 'record']);
});

test('the steps of a redirected login, and of a link, stand in this order', () => {
  expect(namesOf(redirectedSteps)).toEqual([
    'find authenticator',
    'find transaction',
    'use transaction',
    'check answer',
    'prove',
    'find account',
    'check account',
    'begin session',
    'record',
  ]);
  expect(namesOf(linkSteps)).toEqual([
    'find authenticator',
    'find transaction',
    'use transaction',
    'check link',
    'check answer',
    'prove',
    'link identity',
    'record',
  ]);
  for (const steps of [redirectedSteps, linkSteps])
    expect(namesOf(steps.filter(({ always }) => always))).toEqual(['record']);
  for (const { reason } of [...formSteps, ...redirectedSteps, ...linkSteps])
    expect(reason).toMatch(/^[A-Z].*\.$/);
});

describe.each(storeKinds)('the door on the %s store', (kind) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    await house.empty();
    await house.accounts.create({ username: 'ann', password: secret }, operator);
  });

  /** What leaves the house: everything of an error that an answer shows. */
  const shown = (result: LoginResult): string => {
    if (result.kind === 'logged-in') return 'logged in';
    const { code, status, message, retryAfter, extensions } = result.error;
    return JSON.stringify({ code, status, message, retryAfter, extensions });
  };
  const codeOf = (result: LoginResult): string => (result.kind === 'refused' ? result.error.code : 'ok');

  test('lets somebody in who types their name and password, and says how they were proved', async () => {
    const result = await house.logIn({ credentials: good });
    const user = await house.accounts.byUsername('ann');
    const authentication = {
      authenticator: 'password',
      amr: ['pwd'],
      aal: 1,
      authTime: house.clock.now(),
    };
    expect(result).toEqual({ kind: 'logged-in', user, authentication });
    expect(house.begun).toEqual([{ user, authentication, logoutHint: null }]);
    expect(house.records).toEqual([
      {
        event: 'login.succeeded',
        origin: {
          ...house.origin,
          subject: 'user:ann',
          userId: user.id,
          authenticator: 'password',
          sessionId: 'session-1',
        },
        accountId: user.id,
        details: { amr: ['pwd'], aal: 1 },
      },
    ]);
    expect(await house.opened.store.throttles.isKnownNetwork(user.id, '192.0.2.1/32')).toBe(true);
  });

  test.each(['session', 'constructor', '__proto__', 'google', ''])(
    'does not know the authenticator %j',
    async (authenticator) => {
      expect(codeOf(await house.logIn({ authenticator, credentials: good }))).toBe('NOT_FOUND');
      expect(house.begun).toEqual([]);
      expect(house.records).toHaveLength(1);
    },
  );

  test('C09: an unknown user, a wrong password and a suspended account get the same bytes', async () => {
    const sam = await house.accounts.create({ username: 'sam', password: secret }, operator);
    await house.accounts.create({ username: 'nopassword' }, operator);
    await house.accounts.changeStatus(sam.id, 'suspended', operator);
    const wrong = [
      { username: 'ann', password: 'wrong wrong wrong' },
      { username: 'nobody', password: secret },
      { username: 'sam', password: secret },
      { username: 'sam', password: 'wrong wrong wrong' },
      { username: 'nopassword', password: secret },
      { username: 'no such name!', password: secret },
    ];
    const answers = [];
    for (const credentials of wrong) answers.push(shown(await house.logIn({ credentials })));
    expect(new Set(answers).size).toBe(1);
    expect(JSON.parse(answers[0]!)).toMatchObject({ code: 'BAD_CREDENTIALS', status: 401 });
    expect(house.begun).toEqual([]);
  });

  test('C11: credentials that are no strings, or not there, are refused with 400 before anything is counted', async () => {
    const values: unknown[] = [
      0,
      1,
      true,
      null,
      undefined,
      [],
      [secret],
      {},
      { $gt: '' },
      { toString: () => secret },
      '',
    ];
    const inputs: unknown[] = [
      null,
      undefined,
      'ann',
      1,
      [],
      [good],
      new Map(Object.entries(good)),
      Object.create(good),
    ];
    for (const value of values) inputs.push({ ...good, password: value }, { ...good, username: value });
    inputs.push({ ...good, username: 'a'.repeat(65) }, { ...good, password: 'a'.repeat(1_025) });
    inputs.push({ ...good, password: 'a'.repeat(1_000_000) });
    inputs.push(JSON.parse('{"__proto__": {"username": "ann", "password": "correct horse battery"}}'));
    for (const credentials of inputs) {
      const result = await house.logIn({ credentials });
      expect(result).toMatchObject({ kind: 'refused', error: { code: 'BAD_USER_INPUT', status: 400 } });
    }
    expect(house.begun).toEqual([]);
    expect(house.records).toHaveLength(inputs.length);
    expect(await house.opened.sql('SELECT * FROM throttle_buckets')).toEqual([]);
  });

  test('a refusal says every fault of the form', async () => {
    const result = await house.logIn({ credentials: { username: 5 } });
    expect(result).toMatchObject({
      error: { message: 'Username: send this as a string. Password: fill this in.' },
    });
  });

  test('C08: of 100 logins at once ten are verified, whatever carries them', async () => {
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        house.logIn({ credentials: { username: 'ann', password: `wrong password ${at}` } }, { throttle: {} }),
      ),
    );
    const codes = results.map(codeOf);
    expect(codes.filter((code) => code === 'BAD_CREDENTIALS')).toHaveLength(10);
    expect(codes.filter((code) => code === 'THROTTLED')).toHaveLength(90);
    const throttled = house.records.filter(({ event }) => event === 'login.throttled');
    expect(throttled).toHaveLength(90);
    const right = await house.logIn({ credentials: good }, { throttle: {} });
    const retryAfter = (right as { error: PortcullisError }).error.retryAfter;
    expect(right).toMatchObject({ error: { code: 'THROTTLED', status: 429 } });
    expect(retryAfter).toBeGreaterThan(200);
    expect(retryAfter).toBeLessThanOrEqual(300);
  });

  test('C35: no record holds a password, or what was typed where nobody has that name', async () => {
    const typed = 'my secret typed in the wrong field';
    await house.logIn({ credentials: { username: typed, password: 'wrong wrong wrong' } });
    await house.logIn({ credentials: good });
    await house.logIn({ credentials: { ...good, password: 'wrong wrong wrong' } });
    const leaky = careless('leaky', (own, { body }) => own.error(new Error(`bad: ${JSON.stringify(body)}`)));
    await house.logIn({ credentials: { username: 'mallory', password: secret } }, { chain: [leaky] });
    await house.logIn({ authenticator: secret, credentials: good });
    expect(house.records).toHaveLength(5);
    const records = JSON.stringify(house.records);
    for (const text of [typed, secret, 'wrong wrong wrong', 'mallory']) expect(records).not.toContain(text);
    const known = (await house.accounts.byUsername('ann')).id;
    expect(house.records.map(({ accountId }) => accountId)).toEqual([null, known, known, null, null]);
  });

  test.each(hostileCases)(
    'C60: an authenticator whose strategy $title logs nobody in, and leaves one record',
    async ({ does }) => {
      const chain = [careless('hostile', does)];
      const result = await house.logIn({ credentials: good }, { chain, deadlineMs: 100 });
      expect(result).toMatchObject({ kind: 'refused', error: { code: 'BAD_CREDENTIALS', status: 401 } });
      expect(house.begun).toEqual([]);
      expect(house.records).toHaveLength(1);
      expect(house.records[0]).toMatchObject({ event: 'login.failed', origin: { authenticator: 'hostile' } });
    },
  );

  const claims: [string, Authenticator['identify']][] = [
    [
      'throws',
      () => {
        throw new Error('identify');
      },
    ],
    ['rejects', () => Promise.reject(new Error('identify'))],
    ['never answers', () => new Promise(() => undefined)],
    ['answers nothing', () => Promise.resolve(undefined as never)],
    ['answers true', () => Promise.resolve(true as never)],
    ['answers an account without a row', () => Promise.resolve({ kind: 'account' } as never)],
    ['answers a row without an id', () => Promise.resolve({ kind: 'account', user: {} } as never)],
    [
      'answers an id that is no id',
      () => Promise.resolve({ kind: 'account', user: { id: "' OR 1=1" } } as never),
    ],
    ['answers another kind', () => Promise.resolve({ kind: 'superuser' } as never)],
  ];
  test.each(claims)('C60: an authenticator whose identify %s logs nobody in', async (_title, identify) => {
    const chain = [careless('hostile', (own) => own.success({}), identify)];
    const result = await house.logIn({ credentials: good }, { chain, deadlineMs: 100 });
    expect(codeOf(result)).toBe('BAD_CREDENTIALS');
    expect(house.begun).toEqual([]);
  });

  test('a row that an authenticator invents is read anew: what it claims of an account counts for nothing', async () => {
    const ann = await house.accounts.byUsername('ann');
    await house.accounts.changeStatus(ann.id, 'suspended', operator);
    const chain = [careless('claims', (own) => own.success({ ...ann, status: 'active' }))];
    expect(codeOf(await house.logIn({ credentials: good }, { chain }))).toBe('BAD_CREDENTIALS');
    expect(house.records[0]).toMatchObject({
      details: { reason: 'the account is suspended' },
      accountId: ann.id,
    });
  });

  describe('a chain', () => {
    const saysNo = careless('says-no', (own) => own.fail());
    const knowsNobody = careless(
      'knows-nobody',
      (own) => own.success({}),
      () => Promise.resolve({ kind: 'none', reason: 'nobody' }),
    );
    const refuses = careless(
      'refuses',
      (own) => own.success({}),
      () => Promise.resolve({ kind: 'refused', reason: 'left the company' }),
    );
    const breaks = careless('breaks', (own) => own.error(new Error('down')));
    let accepts: Authenticator;
    beforeEach(async () => {
      const ann = await house.accounts.byUsername('ann');
      accepts = careless('accepts', (own) => own.success(ann));
    });
    const run = async (...chain: Authenticator[]) => {
      const result = await house.logIn({ credentials: good }, { chain });
      return result.kind === 'logged-in' ? result.authentication.authenticator : result.error.code;
    };

    test('goes on past those that say no or know nobody, in order, to the first that proves an account', async () => {
      expect(await run(saysNo, knowsNobody, accepts, refuses)).toBe('accepts');
      expect(
        await run(
          careless('first', (own) => own.pass()),
          accepts,
        ),
      ).toBe('accepts');
    });

    test('ends at a hard no', async () => {
      expect(await run(refuses, accepts)).toBe('BAD_CREDENTIALS');
      expect(house.records[0]).toMatchObject({ details: { reason: 'refuses refused: left the company' } });
    });

    test('ends at an error: whoever failed might have meant a hard no', async () => {
      expect(await run(breaks, accepts)).toBe('BAD_CREDENTIALS');
      expect(house.records[0]).toMatchObject({ details: { reason: 'breaks failed: down' } });
    });

    test('where nobody proves anything says why each did not, in the record alone', async () => {
      expect(await run(saysNo, knowsNobody)).toBe('BAD_CREDENTIALS');
      expect(house.records[0]).toMatchObject({ details: { reason: 'says-no: fail; knows-nobody: nobody' } });
    });

    test('is only that one authenticator where one is named', async () => {
      const chain = [accepts, saysNo];
      const result = await house.logIn({ authenticator: 'says-no', credentials: good }, { chain });
      expect(codeOf(result)).toBe('BAD_CREDENTIALS');
    });

    test('leaves out those with another form, unless they are named', async () => {
      const other = { ...accepts, name: 'other', form: { fields: fields.slice(0, 1) } };
      expect(await run(saysNo, other)).toBe('BAD_CREDENTIALS');
      const named = await house.logIn(
        { authenticator: 'other', credentials: { username: 'ann' } },
        { chain: [saysNo, other] },
      );
      expect(codeOf(named)).toBe('ok');
    });
  });

  test.each(['BUSY', 'UNAVAILABLE'] as const)(
    'where %s is why there was no verdict, says so, and the attempt is given back',
    async (code) => {
      const chain = [careless('slow', (own) => own.error(new PortcullisError(code, { retryAfter: 1 })))];
      const result = await house.logIn({ credentials: good }, { chain });
      expect(result).toMatchObject({ kind: 'refused', error: { code, retryAfter: 1 } });
      const buckets = await house.opened.sql('SELECT taken FROM throttle_buckets');
      expect(buckets.map(({ taken }) => taken)).toEqual([0, 0, 0, 0]);
      expect(house.records).toHaveLength(1);
      expect(house.records[0]).toMatchObject({ event: 'login.failed', details: { code } });
    },
  );

  test('a success gives its attempt back once, also where the session then can’t begin', async () => {
    await house.logIn({ credentials: { ...good, password: 'wrong' } });
    const begin = () => Promise.reject(new PortcullisError('UNAVAILABLE'));
    await house.logIn({ credentials: good, begin });
    // What the failure before it counted against the network and overall stays; the account's own buckets are emptied.
    const left = await house.opened.sql('SELECT taken FROM throttle_buckets WHERE taken > 0');
    expect(left.map(({ taken }) => taken)).toEqual([1, 1]);
  });

  test('an office behind one address logs in all day: successes do not count', async () => {
    for (let login = 0; login < 12; login++) {
      const result = await house.logIn(
        { credentials: good },
        { throttle: { perNetwork: 3, perAccountAndNetwork: 3 } },
      );
      expect(codeOf(result)).toBe('ok');
    }
  });

  test('C05: a password that is replaced while it is verified begins no session', async () => {
    const overtaken: Authenticator = {
      ...house.password,
      identify: async (user) => {
        const answer = await house.password.identify(user);
        const { id } = await house.accounts.byUsername('ann');
        await house.accounts.setPassword(id, 'another good password', operator);
        return answer;
      },
    };
    const result = await house.logIn({ credentials: good }, { chain: [overtaken] });
    expect(codeOf(result)).toBe('BAD_CREDENTIALS');
    expect(house.begun).toEqual([]);
    expect(house.records[0]).toMatchObject({
      details: { reason: 'the account changed while it was proved' },
    });
  });

  test('a session that can’t begin is a refusal, with the cause in the record alone', async () => {
    const begin = () => Promise.reject(new Error('secret cause'));
    const result = await house.logIn({ credentials: good, begin });
    expect(result).toMatchObject({ kind: 'refused', error: { code: 'INTERNAL' } });
    expect(shown(result)).not.toContain('secret cause');
    expect(house.records).toHaveLength(1);
    const busy = await house.logIn({
      credentials: good,
      begin: () => Promise.reject(new PortcullisError('UNAVAILABLE')),
    });
    expect(codeOf(busy)).toBe('UNAVAILABLE');
  });
});
