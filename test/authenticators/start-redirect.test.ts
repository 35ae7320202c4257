import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Authenticator } from '../../src/authenticators/authenticator.ts';
import { codeOf, finishOf, redirectingTo, succeeds } from './careless-redirecting.ts';
import { hostileStarts } from './hostile-redirects.ts';
import { type House, openHouse } from './open-house.ts';

describe('the start of a redirected login', () => {
  let house: House;
  let finish: ReturnType<typeof finishOf>;
  beforeAll(async () => {
    house = await openHouse('embedded');
    finish = finishOf(house);
  });
  afterAll(() => house.close());
  beforeEach(() => house.empty());

  const start = (authenticator: Authenticator, reauthenticate = false) =>
    house
      .door({ chain: [house.password, authenticator], deadlineMs: 100 })
      .start({ authenticator: 'acme', origin: house.origin, reauthenticate });

  test('says where the browser goes, by which state its callback is known, and what is kept', async () => {
    const told: unknown[] = [];
    const authenticator = redirectingTo((own, request) => {
      told.push({ query: { ...request.query }, reauthenticate: request.reauthenticate });
      Object.assign(request.session as object, { verifier: 'v', at: new Date(0) });
      own.redirect('https://op.example.org/authorize?state=s%20t');
    });
    expect(await start(authenticator, true)).toEqual({
      kind: 'redirect',
      url: new URL('https://op.example.org/authorize?state=s%20t'),
      state: 's t',
      kept: { verifier: 'v', at: '1970-01-01T00:00:00.000Z' },
    });
    expect(told).toEqual([{ query: {}, reauthenticate: true }]);
  });

  test('a protocol without a state has none, and http is good enough on this machine', async () => {
    for (const url of ['https://op.example.org/', 'http://localhost:9/', 'http://127.0.0.1:9/?state=']) {
      const result = await start(
        redirectingTo((own) => {
          own.redirect(url);
        }),
      );
      expect(result).toMatchObject({ kind: 'redirect', state: null, kept: {} });
    }
  });

  test('each attempt has a session of its own', async () => {
    const authenticator = redirectingTo((own, request) => {
      const session = request.session as Record<string, number>;
      session['count'] = (session['count'] ?? 0) + 1;
      own.redirect('https://op.example.org/');
    });
    for (let round = 0; round < 3; round += 1)
      expect(await start(authenticator)).toMatchObject({ kept: { count: 1 } });
  });

  test.each(hostileStarts)('C60: a strategy that $title sends nobody anywhere', async ({ does }) => {
    const result = await start(redirectingTo(does));
    expect(result).toMatchObject({
      kind: 'refused',
      error: {
        code: 'UNAVAILABLE',
        status: 503,
        message: 'Acme does not answer. Try again in a moment, or log in another way.',
      },
    });
    const lines = house.log.records.filter(
      ({ fields }) => 'event' in fields && fields.event === 'login.not-started',
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'warn',
      fields: { authenticator: 'acme', requestId: 'request-1' },
    });
  });

  test.each(['password', 'constructor', '__proto__', 'session', ''])(
    'knows no redirecting authenticator %j',
    async (name) => {
      const door = house.door({ chain: [house.password, redirectingTo(succeeds)] });
      const started = await door.start({
        authenticator: name,
        origin: house.origin,
        reauthenticate: false,
      });
      expect(started).toMatchObject({ kind: 'refused', error: { code: 'NOT_FOUND' } });
      expect(codeOf(await finish(redirectingTo(succeeds), { authenticator: name }))).toBe('NOT_FOUND');
      expect(house.begun).toEqual([]);
    },
  );

  test('the door names them in configured order, and their forms stay out of it', () => {
    const named = (name: string) => ({ ...redirectingTo(succeeds), name });
    const door = house.door({ chain: [named('zeta'), house.password, named('alpha')] });
    expect(door.redirects).toEqual([
      { name: 'zeta', label: 'Acme' },
      { name: 'alpha', label: 'Acme' },
    ]);
    expect(door.fields.map(({ name }) => name)).toEqual(['username', 'password']);
  });
});
