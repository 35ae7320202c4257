import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import portalLogin from '../../examples/portal-login/portal-login.ts';
import type { Authenticator, Identification } from '../../src/authenticators/authenticator.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { redirectConformance } from '../../src/testing/index.ts';
import {
  plainAuthenticator,
  type PlainProvider,
  startPlainProvider,
} from '../authenticators/plain-provider.ts';
import { type Outcomes, strategyThat } from '../authenticators/hostile-strategies.ts';
import type { RedirectingRequest } from '../authenticators/hostile-redirects.ts';
import { type Portal, startPortal } from './portal.ts';

let portal: Portal;
let provider: PlainProvider;
beforeAll(async () => {
  [portal, provider] = await Promise.all([startPortal(), startPlainProvider()]);
});
afterAll(async () => {
  await portal.close();
  await provider.close();
});

const needs = {
  accounts: { verifyPassword: () => Promise.resolve(null), findByUsername: () => Promise.resolve(null) },
  callbackUrl: new URL('http://localhost:4000/login/sample/callback'),
  attributes: {},
  clock: systemClock,
  log: silentLog,
};

const makePortalLogin = (): Authenticator =>
  portalLogin.create({ portal: portal.url, label: 'Portal' }, { ...needs, name: 'portal' });

const failing = async (
  make: () => Authenticator,
  follow: (url: URL) => Promise<URL>,
): Promise<readonly string[]> => {
  const checks = redirectConformance(make, { follow, deadlineMs: 500 });
  const results = await Promise.allSettled(checks.map(({ run }) => run()));
  return checks.filter((_, at) => results[at]?.status === 'rejected').map(({ name }) => name);
};

describe("the guide's example of a redirecting authenticator", () => {
  const samples = { follow: (url: URL) => portal.follow(url) };
  for (const { name, run } of redirectConformance(makePortalLogin, samples)) test(name, run);

  test('stands in the guide as it is', () => {
    const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    const source = read('examples/portal-login/portal-login.ts');
    expect(read('docs/adding-an-authenticator.md')).toContain(`\`\`\`ts\n${source}\`\`\`\n`);
  });

  test('names whoever the portal knows by its own id', async () => {
    const made = makePortalLogin();
    const person = { id: 'p-1', login: 'pat', name: 'Pat' };
    expect(await made.identify(person)).toMatchObject({
      kind: 'identity',
      identity: { issuer: portal.url, subject: 'p-1', username: 'pat' },
    });
  });
});

test('the kit finds nothing wrong with a strategy as passport-openidconnect makes it', async () => {
  const make = (): Authenticator => plainAuthenticator(provider).create({}, { ...needs, name: 'plain' });
  expect(await failing(make, (url) => provider.send(url))).toEqual([]);
});

describe('the kit for redirecting authenticators', () => {
  interface Broken {
    readonly start?: (own: Outcomes, request: RedirectingRequest) => void;
    readonly finish?: (own: Outcomes, request: RedirectingRequest, correct: () => void) => void;
    readonly identify?: (user: unknown) => Promise<Identification>;
    readonly changes?: Partial<Authenticator>;
  }
  let count = 0;

  /** A correct authenticator, to break in one way at a time: the code that comes back is the state's. */
  function make({ start, finish, identify, changes }: Broken = {}): Authenticator {
    const proved = new WeakSet<object>();
    const somebody = (): object => {
      const user = {};
      proved.add(user);
      return user;
    };
    return {
      name: 'sample',
      strategy: strategyThat((own, given) => {
        const request = given as unknown as RedirectingRequest;
        const { query } = request;
        const session = request.session as Record<string, string>;
        if (Object.keys(query).length === 0) {
          if (start !== undefined) {
            start(own, request);
            return;
          }
          count += 1;
          session['state'] = `state-${count}`;
          own.redirect(`https://op.example.org/?state=state-${count}`);
          return;
        }
        const correct = (): void => {
          if (session['state'] === query['state'] && query['code'] === `code of ${query['state'] ?? ''}`)
            own.success(somebody());
          else own.fail();
        };
        if (finish === undefined) correct();
        else
          finish(
            { ...own, success: () => own.success(somebody()), fail: () => own.fail() },
            request,
            correct,
          );
      }),
      proves: { amr: ['fed'], aal: 1 },
      identify:
        identify ??
        ((user) =>
          Promise.resolve(
            typeof user === 'object' && user !== null && proved.has(user)
              ? someone
              : { kind: 'none', reason: 'not proved' },
          )),
      redirect: { label: 'Sample', provision: true },
      ...changes,
    };
  }
  const someone: Identification = {
    kind: 'identity',
    identity: {
      issuer: 'https://op.example.org',
      subject: '1',
      label: '1',
      username: null,
      name: null,
      email: null,
      groups: null,
      attributes: {},
    },
    authTime: null,
    logoutHint: null,
  };
  const follow = (url: URL): Promise<URL> => {
    const state = url.searchParams.get('state') ?? '';
    const back = new URL(needs.callbackUrl);
    back.searchParams.set('code', `code of ${state}`);
    if (state !== '') back.searchParams.set('state', state);
    return Promise.resolve(back);
  };

  test('finds nothing wrong with a correct one', async () => {
    expect(await failing(() => make(), follow)).toEqual([]);
  });

  const faulty: readonly (readonly [string, Broken, RegExp])[] = [
    ['has no redirect', { changes: { redirect: undefined as never } }, /redirects to https/],
    [
      'has a label that is too long',
      { changes: { redirect: { label: 'x'.repeat(61), provision: true } } },
      /every member/,
    ],
    [
      'succeeds at the start',
      {
        start: (own) => {
          own.success({});
        },
      },
      /redirects to https/,
    ],
    [
      'redirects to open http',
      {
        start: (own) => {
          own.redirect('http://op.example.org/');
        },
      },
      /redirects to https/,
    ],
    [
      'keeps too much',
      {
        start: (own, request) => {
          request.session = { verifier: 'x'.repeat(2_000) };
          own.redirect('https://op.example.org/');
        },
      },
      /keeps at most/,
    ],
    [
      'has one state for all',
      {
        start: (own) => {
          own.redirect('https://op.example.org/?state=1');
        },
      },
      /in common/,
    ],
    [
      'keeps nothing, without a state',
      {
        start: (own) => {
          own.redirect('https://op.example.org/');
        },
      },
      /in common/,
    ],
    [
      'lets nobody in',
      {
        finish: (own) => {
          own.fail();
        },
      },
      /a callback proves somebody/,
    ],
    [
      'never looks at what it kept',
      {
        finish: (own, { query }) => {
          if (query['code']?.startsWith('code of') === true) own.success();
          else own.fail();
        },
      },
      /another start kept/,
    ],
    [
      'takes a callback that no start belongs to',
      {
        finish: (own, { session }, correct) => {
          if (Object.keys(session as object).length === 0) own.success();
          else correct();
        },
      },
      /nothing kept/,
    ],
    [
      'takes any code',
      {
        finish: (own, { query, session }) => {
          if ((session as Record<string, string>)['state'] === query['state']) own.success();
          else own.fail();
        },
      },
      /invented answer/,
    ],
    [
      'takes a no for a yes',
      {
        finish: (own, { query }, correct) => {
          if (query['error'] !== undefined) own.success();
          else correct();
        },
      },
      /error of the provider/,
    ],
    [
      'answers twice',
      {
        finish: (own, _request, correct) => {
          correct();
          own.fail();
        },
      },
      /answers once/,
    ],
    [
      'believes whatever a strategy calls a user',
      { identify: () => Promise.resolve(someone) },
      /did not prove/,
    ],
    [
      'throws at what a strategy did not prove',
      { identify: () => Promise.reject(new TypeError('sub')) },
      /did not prove/,
    ],
  ];
  test.each(faulty)('finds one that %s', async (_title, broken, check) => {
    expect(await failing(() => make(broken), follow)).toContainEqual(expect.stringMatching(check));
  });

  test('finds one that mixes up logins that are made at once', async () => {
    let last = '';
    const mixing = make({
      start: (own, request) => {
        count += 1;
        last = `state-${count}`;
        request.session = { state: last };
        own.redirect(`https://op.example.org/?state=${last}`);
      },
      finish: (own, { query }) => {
        if (query['state'] === last) own.success();
        else own.fail();
      },
    });
    expect(await failing(() => mixing, follow)).toContainEqual(expect.stringMatching(/side by side/));
  });
});
