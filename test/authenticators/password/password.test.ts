import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { operator } from '../../../src/accounts/actor.ts';
import { formRequest } from '../../../src/authenticators/request.ts';
import { attempt } from '../../../src/authenticators/seam.ts';
import { silentLog } from '../../../src/core/log.ts';
import { authenticatorConformance } from '../../../src/testing/index.ts';
import { openHouse, type House } from '../open-house.ts';

const good = { username: 'ann', password: 'correct horse battery' };
let house: House;
beforeAll(async () => {
  house = await openHouse('embedded');
  await house.accounts.create(good, operator);
});
afterAll(() => house.close());

const checks = authenticatorConformance(() => house.password, {
  validCredentials: good,
  invalidCredentials: { ...good, password: 'wrong wrong wrong' },
});

test.each(checks)('the password authenticator conforms: $name', ({ run }) => run());

test('C11: credentials in the query string are not looked at (trap: passport-local reads them)', async () => {
  const request = { ...formRequest(new Map(), { address: null, userAgent: null }), query: good };
  const outcome = await attempt(house.password.strategy, request, {
    deadlineMs: 5_000,
    log: silentLog,
  });
  expect(outcome.kind).toBe('fail');
});

test('its form tells password managers what the fields are', () => {
  expect(house.password.form?.fields.map(({ autocomplete }) => autocomplete)).toEqual([
    'username',
    'current-password',
  ]);
});
