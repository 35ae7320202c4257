import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { RedirectCapability } from '../../src/authenticators/authenticator.ts';
import { redirectingTo, succeeds } from './careless-redirecting.ts';
import { type House, openHouse } from './open-house.ts';

describe('where a logout goes on', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse('embedded');
  });
  afterAll(() => house.close());
  beforeEach(() => house.empty());

  const hint = { hint: 'the-hint', returnTo: new URL('http://localhost:4000/') };
  const ask = (logoutUrl?: (asked: typeof hint) => unknown): Promise<URL | null> => {
    const capability =
      logoutUrl === undefined ? {} : { logoutUrl: logoutUrl as RedirectCapability['logoutUrl'] };
    const door = house.door({
      chain: [redirectingTo(succeeds, undefined, capability as object)],
      deadlineMs: 100,
    });
    return door.logoutUrl('acme', hint);
  };

  test('goes on to where the authenticator says, with the session’s hint', async () => {
    expect(
      await ask(({ hint: given }) => Promise.resolve(new URL(`https://op.example.org/end?h=${given}`))),
    ).toEqual(new URL('https://op.example.org/end?h=the-hint'));
    expect(await ask(() => Promise.resolve(null))).toBeNull();
    expect(await ask()).toBeNull();
    expect(await house.door().logoutUrl('constructor', hint)).toBeNull();
  });

  test.each<[string, (asked: typeof hint) => unknown]>([
    [
      'throws',
      () => {
        throw new Error('the-hint');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the-hint'))],
    ['never answers', () => new Promise(() => undefined)],
    ['answers a script', () => Promise.resolve(new URL('javascript:alert(1)'))],
    ['answers open http', () => Promise.resolve(new URL('http://op.example.org/'))],
    ['answers nothing', () => Promise.resolve(undefined)],
    ['answers an object', () => Promise.resolve({ href: 'https://op.example.org/' })],
  ])(
    'C60: ends here where the authenticator %s, and its hint stays out of the log',
    async (_title, logoutUrl) => {
      expect(await ask(logoutUrl)).toBeNull();
      expect(house.log.text()).not.toContain('the-hint');
      expect(house.log.text()).toContain('logout.not-continued');
    },
  );
});
