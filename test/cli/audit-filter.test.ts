import { expect, test } from '@jest/globals';
import { type AuditFilterOptions, parseAuditFilter, parseRecordCount } from '../../src/cli/audit-filter.ts';
import type { UserRow } from '../../src/store/contract/users.ts';
import { manualClock } from '../sessions/manual-clock.ts';
import { userNamed } from '../store/rows.ts';

const clock = manualClock();
const ann = { ...userNamed('ann'), status: 'active', sessionEpoch: 0 } satisfies UserRow;
const users = {
  findByUsername: (name: string) => Promise.resolve(name === 'ann' ? ann : null),
};
const parse = (options: AuditFilterOptions) => parseAuditFilter(options, { users, clock });

test('what is typed becomes what is asked of the store', async () => {
  expect(await parse({})).toEqual({});
  expect(
    await parse({ event: 'login.', subject: 'user:ann', account: 'ANN', since: '24h', until: '30s' }),
  ).toEqual({
    event: 'login.',
    subject: 'user:ann',
    about: ann.id,
    from: clock.now() - 86_400_000,
    until: clock.now() - 30_000,
  });
});

test.each([
  ['2026-11-20', Date.UTC(2026, 10, 20)],
  ['2026-11-20T09:30Z', Date.UTC(2026, 10, 20, 9, 30)],
  ['2026-11-20T09:30:15.5+01:00', Date.UTC(2026, 10, 20, 8, 30, 15, 500)],
])('%s is a moment', async (since, from) => {
  expect(await parse({ since })).toEqual({ from });
});

test.each(['yesterday', '', '24', '0h', '2026-13-45', '2026-11-20T09:30', '20 Nov 2026', '1e3'])(
  '%j is none, and says what is one',
  async (text) => {
    const sentence = 'takes a length of time such as 24h or 7d, or a moment such as 2026-11-20T09:30:00Z.';
    for (const option of ['since', 'until']) {
      await expect(parse({ [option]: text })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        message: `--${option} ${sentence}`,
      });
    }
  },
);

test.each(['login', 'login.*', '', '.', 'nothing.'])('there is no event %j', async (event) => {
  await expect(parse({ event })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});

test.each(['zoe', '', 'a b', '\u001b[2J'])(
  'an account %j that is not there is said to be missing',
  async (account) => {
    await expect(parse({ account })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  },
);

test('a number of records is whole, and not beyond a page', () => {
  expect(parseRecordCount('1000', 1, '--limit')).toBe(1_000);
  expect(parseRecordCount('0', 0, '--last')).toBe(0);
  for (const text of ['0', '1001', '-1', '1.5', '1e2', '', ' 1', '0x1']) {
    expect(() => parseRecordCount(text, 1, '--limit')).toThrow(
      '--limit takes a whole number from 1 to 1000.',
    );
  }
});
