import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { redirectConformance } from '../../../src/testing/index.ts';
import { createKeyring } from './hostile/forge.ts';
import { startHostileProvider, type HostileProvider } from './hostile/hostile-provider.ts';
import { createRelyingParty } from './relying-party.ts';

let provider: HostileProvider;
beforeAll(async () => {
  provider = await startHostileProvider(await createKeyring());
});
afterAll(() => provider.close());

const checks = redirectConformance(
  () => createRelyingParty({ options: { issuer: provider.issuer } }).authenticator,
  {
    follow: (url) => {
      const back = new URL(url.searchParams.get('redirect_uri') ?? 'nowhere:');
      back.search = new URLSearchParams(provider.authorize(url)).toString();
      return Promise.resolve(back);
    },
  },
);

test.each(checks)('the oidc authenticator conforms: $name', ({ run }) => run());

test('there is something to conform to', () => {
  expect(checks.length).toBeGreaterThan(5);
});
