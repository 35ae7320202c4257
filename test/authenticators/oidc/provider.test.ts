import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/core/clock.ts';
import { createKeyring, createPair, sign, type Keyring } from './hostile/forge.ts';
import { startHostileProvider, type HostileProvider, type Lies } from './hostile/hostile-provider.ts';
import { neverAnswers } from './hostile/raw-answers.ts';
import { createRelyingParty, type Finished, type RelyingParty } from './relying-party.ts';

let keys: Keyring;
beforeAll(async () => {
  keys = await createKeyring();
});

let provider: HostileProvider;
let passed: number;
let party: RelyingParty;
/** The time of day is the system's; the stopwatch goes on by hand. */
const clock = { now: () => systemClock.now(), monotonic: () => passed };

beforeEach(async () => {
  passed = 0;
  provider = await startHostileProvider(keys);
  party = createRelyingParty({ options: { issuer: provider.issuer }, clock });
});
afterEach(() => provider.close());

const times = (path: string): number => provider.asked.filter((each) => each === path).length;

async function logIn(): Promise<Finished> {
  const { url, session } = await party.start();
  return party.finish(provider.authorize(url), session);
}

describe('discovery', () => {
  const discovered = () => times('/.well-known/openid-configuration');

  test('is asked for nothing before somebody logs in', () => {
    expect(provider.asked).toEqual([]);
  });

  test('is asked once for fifty logins at once, and for those after them', async () => {
    const started = await Promise.all(Array.from({ length: 50 }, () => party.start()));
    expect(started.map(({ outcome }) => outcome.kind)).toEqual(Array.from({ length: 50 }, () => 'redirect'));
    await logIn();
    expect(discovered()).toBe(1);
  });

  test('is asked again after an hour', async () => {
    await party.start();
    passed = 59 * 60_000;
    await party.start();
    expect(discovered()).toBe(1);
    passed = 61 * 60_000;
    await party.start();
    expect(discovered()).toBe(2);
  });

  test('F12: that failed is not tried again for five seconds, so that nobody waits for it', async () => {
    provider.lie({ raw: { metadata: (_request, response) => response.writeHead(503).end() } });
    for (let each = 0; each < 20; each += 1) expect((await party.start()).outcome.kind).toBe('error');
    expect(discovered()).toBe(1);
    provider.lie({});
    passed = 4_900;
    expect((await party.start()).outcome.kind).toBe('error');
    passed = 5_100;
    expect((await party.start()).outcome.kind).toBe('redirect');
    expect(discovered()).toBe(2);
  });

  test('F12: that never answers is waited for once, by everybody who comes meanwhile, for less than 5 s', async () => {
    provider.lie({ raw: { metadata: neverAnswers } });
    const began = performance.now();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => party.start()));
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(outcomes.map(({ outcome }) => outcome.kind)).toEqual(Array.from({ length: 20 }, () => 'error'));
    expect(discovered()).toBe(1);
    const again = performance.now();
    await party.start();
    expect(performance.now() - again).toBeLessThan(100);
  });

  test('F12: of a provider that is not there fails at once, and says what people can do', async () => {
    await provider.close();
    const { outcome } = await party.start();
    expect(outcome).toMatchObject({
      kind: 'error',
      error: {
        code: 'UNAVAILABLE',
        message: 'Acme does not answer. Try again in a moment, or log in another way.',
      },
    });
    provider = await startHostileProvider(keys);
  });

  test('C56: of an issuer that differs by a slash is refused: accounts are keyed by it', async () => {
    const other = createRelyingParty({ options: { issuer: `${provider.issuer}/` } });
    const { outcome } = await other.start();
    expect(outcome.kind === 'error' && (outcome.error as { detail?: string }).detail).toMatch(/calls itself/);
  });
});

describe('the provider’s keys', () => {
  const fetched = () => times('/keys');

  test('are fetched once for ten logins at once, and not again by those after them', async () => {
    const started = await Promise.all(Array.from({ length: 10 }, () => party.start()));
    const finished = await Promise.all(
      started.map(({ url, session }) => party.finish(provider.authorize(url), session)),
    );
    expect(finished.map(({ said }) => said)).toEqual(Array.from({ length: 10 }, () => 'success'));
    expect(fetched()).toBe(1);
    await logIn();
    expect(fetched()).toBe(1);
  });

  const renewed = async (kid: string): Promise<Lies> => {
    const pair = await createPair('RS256', kid);
    return {
      keySet: () => ({ keys: [pair.jwk] }),
      idToken: ({ claims }) => sign(pair.privateKey, { kid }, claims),
    };
  };

  test('F12: may be others from one login to the next: the login right after works', async () => {
    expect((await logIn()).said).toBe('success');
    provider.lie(await renewed('second'));
    expect((await logIn()).said).toBe('success');
    expect((await logIn()).said).toBe('success');
    expect(fetched()).toBe(2);
  });

  test('C49: that were taken away log nobody in once others are known', async () => {
    await logIn();
    provider.lie(await renewed('second'));
    await logIn();
    // A token by the old key, which nobody publishes any more.
    const { keySet } = await renewed('third');
    provider.lie({ ...(keySet === undefined ? {} : { keySet }) });
    expect((await logIn()).said).toMatch(/no applicable keys/);
  });

  test('F12: that change under one name cost one login, and the next works', async () => {
    await logIn();
    provider.lie(await renewed('own'));
    expect((await logIn()).said).toMatch(/signature verification failed/);
    expect((await logIn()).said).toBe('success');
  });

  test('F12: stay at hand whatever a stranger comes back with', async () => {
    await logIn();
    const { url, session } = await party.start();
    const honest = provider.authorize(url);
    const { iss = '', state = '' } = honest;
    for (const query of [
      { ...honest, code: 'invented' },
      { iss, state },
      { ...honest, iss: 'https://else.example' },
    ]) {
      expect((await party.finish(query, session)).outcome.kind).toBe('error');
    }
    provider.lie({ raw: { keySet: (_request, response) => response.writeHead(503).end() } });
    expect((await logIn()).said).toBe('success');
    expect(fetched()).toBe(1);
  });

  test('are fetched at most once more for a token that names an unknown one', async () => {
    await logIn();
    provider.lie({
      idToken: ({ claims, keys: own }) => sign(own.foreign.privateKey, { kid: 'nobody' }, claims),
    });
    await logIn();
    expect(fetched()).toBe(2);
  });
});

test('F12: that hangs holds fifty requests at most, however many logins strangers begin; nobody waits over 5 s', async () => {
  let [open, most] = [0, 0];
  provider.lie({
    raw: {
      token: (_request, response) => {
        most = Math.max(most, (open += 1));
        response.once('close', () => (open -= 1));
      },
    },
  });
  const started = await Promise.all(Array.from({ length: 120 }, () => party.start()));
  const began = performance.now();
  const finished = await Promise.all(
    started.map(({ url, session }) => party.finish(provider.authorize(url), session)),
  );
  expect(performance.now() - began).toBeLessThan(5_500);
  expect(finished.filter(({ outcome }) => outcome.kind !== 'error')).toEqual([]);
  expect(finished.at(-1)?.outcome).toMatchObject({ error: { code: 'UNAVAILABLE' } });
  expect(most).toBe(50);
  provider.lie({});
  expect((await logIn()).said).toBe('success');
});

test('C57: over http no name is followed to another machine', async () => {
  // A server that listens on every address of this machine, reached by one that is not loopback.
  const server = createServer((_request, response) => response.end('{}'));
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  provider.lie({ metadata: (honest) => ({ ...honest, token_endpoint: `http://192.0.2.1:${port}/token` }) });
  const { outcome } = await party.start();
  expect(outcome.kind).toBe('error');
  server.close();
});
