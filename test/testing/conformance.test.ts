import { describe, expect, test } from '@jest/globals';
import type { Authenticator } from '../../src/authenticators/authenticator.ts';
import { authenticatorConformance } from '../../src/testing/index.ts';
import { strategyThat, type Outcomes } from '../authenticators/hostile-strategies.ts';

const validCredentials = { username: 'ann', password: 'correct horse battery' };
const invalidCredentials = { username: 'ann', password: 'wrong wrong wrong' };

interface Request {
  readonly body: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
}

/** A correct authenticator over one account, to break in one way at a time. */
function make(
  does: (own: Outcomes, request: Request, isAnn: (body: Request['body']) => boolean) => unknown,
  changes: Partial<Authenticator> = {},
): Authenticator {
  const proved = new WeakSet<object>();
  const isAnn = (body: Request['body']): boolean =>
    body['username'] === validCredentials.username && body['password'] === validCredentials.password;
  return {
    name: 'sample',
    strategy: strategyThat((own, request) =>
      does(
        {
          fail: () => own.fail(),
          pass: () => own.pass(),
          redirect: (url) => own.redirect(url),
          error: (error) => own.error(error),
          success: (user) => {
            if (typeof user === 'object' && user !== null) proved.add(user);
            own.success(user);
          },
        },
        request as Request,
        isAnn,
      ),
    ),
    proves: { amr: ['pwd'], aal: 1 },
    identify: (user) =>
      Promise.resolve(
        typeof user === 'object' && user !== null && proved.has(user)
          ? { kind: 'account', user: user as never }
          : { kind: 'none', reason: 'not proved' },
      ),
    form: {
      fields: ['username', 'password'].map((name) => ({
        name,
        label: name,
        type: 'text',
        autocomplete: name,
        maxLength: 100,
      })),
    },
    ...changes,
  };
}

const correct: Parameters<typeof make>[0] = (own, { body }, isAnn) => {
  if (isAnn(body)) own.success({});
  else own.fail();
};

const failing = async (makeOne: () => Authenticator): Promise<string[]> => {
  const checks = authenticatorConformance(makeOne, { validCredentials, invalidCredentials, deadlineMs: 100 });
  const results = await Promise.allSettled(checks.map(({ run }) => run()));
  return checks.filter((_, at) => results[at]?.status === 'rejected').map(({ name }) => name);
};

describe('the conformance kit', () => {
  test('finds nothing wrong with a correct authenticator', async () => {
    expect(await failing(() => make(correct))).toEqual([]);
  });

  const text = (value: unknown): string => String(value);
  const faulty: [string, () => Authenticator, RegExp][] = [
    ['lets everybody in', () => make((own) => own.success({})), /invalid credentials/],
    ['lets nobody in', () => make((own) => own.fail()), /valid credentials prove an account/],
    [
      'ends a wrong password in an error',
      () => make((own, { body }, isAnn) => (isAnn(body) ? own.success({}) : own.error(new Error('wrong')))),
      /are no error/,
    ],
    [
      'reads the query string',
      () =>
        make((own, { body, query }, isAnn) => (isAnn(body) || isAnn(query) ? own.success({}) : own.fail())),
      /query/,
    ],
    [
      'does not look at the password',
      () =>
        make((own, { body }) =>
          body['username'] === 'ann' && body['password'] !== invalidCredentials.password
            ? own.success({})
            : own.fail(),
        ),
      /missing field/,
    ],
    [
      'takes what is no string',
      () =>
        make((own, { body }, isAnn) =>
          isAnn({ username: text(body['username']), password: text(body['password']) })
            ? own.success({})
            : own.fail(),
        ),
      /no string/,
    ],
    [
      'answers twice',
      () =>
        make((own, { body }, isAnn) => {
          if (isAnn(body)) own.success({});
          own.fail();
        }),
      /answers once/,
    ],
    ['never answers', () => make(() => undefined), /valid credentials prove an account/],
    [
      'believes whatever a strategy calls a user',
      () => make(correct, { identify: (user) => Promise.resolve({ kind: 'account', user: user as never }) }),
      /did not prove/,
    ],
    [
      'throws at what a strategy did not prove',
      () => make(correct, { identify: () => Promise.reject(new TypeError('no uid')) }),
      /did not prove/,
    ],
    ['proves nothing', () => make(correct, { proves: { amr: [], aal: 1 } }), /every member/],
  ];

  test.each(faulty)('finds an authenticator that %s', async (_title, makeOne, check) => {
    expect(await failing(makeOne)).toContainEqual(expect.stringMatching(check));
  });

  test('finds one that mixes up attempts made at once', async () => {
    let last: Request['body'] = {};
    const mixing = make((own, { body }, isAnn) => {
      last = body;
      setTimeout(() => (isAnn(last) ? own.success({}) : own.fail()), 5);
    });
    expect(await failing(() => mixing)).toContainEqual(expect.stringMatching(/side by side/));
  });
});
