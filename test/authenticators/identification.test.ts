import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { codeOf, finishOf, identity, proved, redirectingTo, succeeds } from './careless-redirecting.ts';
import { type House, openHouse } from './open-house.ts';

describe('what an authenticator answers of a redirected login', () => {
  let house: House;
  let finish: ReturnType<typeof finishOf>;
  beforeAll(async () => {
    house = await openHouse('embedded');
    finish = finishOf(house);
  });
  afterAll(() => house.close());
  beforeEach(() => house.empty());

  const wrong: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['true', true],
    ['an identity of nothing', { kind: 'identity' }],
    ['an identity that is a text', proved({ identity: 'pat' })],
    ...(['issuer', 'subject', 'label'] as const).flatMap((member) =>
      [null, undefined, 5, {}, [identity[member]]].map(
        (value) =>
          [
            `a ${member} that is ${JSON.stringify(value)}`,
            proved({ identity: { ...identity, [member]: value } }),
          ] as const,
      ),
    ),
    ...(['issuer', 'subject'] as const).flatMap((member) =>
      ['', 'x'.repeat(501), 'a\u0000b', 'a\nb', '\ud800'].map(
        (value) =>
          [
            `a ${member} such as ${JSON.stringify(value).slice(0, 12)}`,
            proved({ identity: { ...identity, [member]: value } }),
          ] as const,
      ),
    ),
    ['a username that is no text', proved({ identity: { ...identity, username: 1 } })],
    ['an e-mail that is a text', proved({ identity: { ...identity, email: 'pat@example.org' } })],
    [
      'an e-mail verified by a text',
      proved({ identity: { ...identity, email: { address: 'a@b.c', verified: 'true' } } }),
    ],
    ['groups that are a text', proved({ identity: { ...identity, groups: 'staff' } })],
    ['attributes that are none', proved({ identity: { ...identity, attributes: null } })],
    ['an attribute that is an object', proved({ identity: { ...identity, attributes: { level: {} } } })],
    ['a time that is a text', proved({ authTime: 'now' })],
    ['a time before all time', proved({ authTime: -1 })],
    ['a time that is no number', proved({ authTime: NaN })],
    ['an account of nobody', { kind: 'account', user: { id: 'pat' } }],
    ['an account of no row', { kind: 'account' }],
    ['another kind', { kind: 'superuser', identity }],
  ];
  test.each(wrong)('C60: an identify that answers %s logs nobody in', async (_title, answer) => {
    const result = await finish(redirectingTo(succeeds, () => Promise.resolve(answer)));
    expect(codeOf(result)).toBe('LOGIN_REFUSED');
    expect(house.begun).toEqual([]);
    expect(await house.opened.store.users.count()).toBe(0);
    expect(house.records).toHaveLength(1);
  });

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('identify');
      },
    ],
    ['rejects', () => Promise.reject(new Error('identify'))],
    ['never answers', () => new Promise(() => undefined)],
  ])('C60: an identify that %s logs nobody in', async (_title, identify) => {
    expect(codeOf(await finish(redirectingTo(succeeds, identify)))).toBe('LOGIN_REFUSED');
    expect(house.begun).toEqual([]);
  });
});
