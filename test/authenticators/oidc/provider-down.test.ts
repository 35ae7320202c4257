import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { operator } from '../../../src/accounts/actor.ts';
import { comeBack, findSentTo, press } from '../../http/redirecting-browser.ts';
import { rounds } from '../../rounds.ts';
import { housings } from '../../system/housings.ts';
import {
  ask,
  password,
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
} from '../../system/start-portcullis.ts';
import { createKeyring, sign } from './hostile/forge.ts';
import { startHostileProvider, type HostileProvider, type Lies } from './hostile/hostile-provider.ts';
import { neverAnswers, trickles } from './hostile/raw-answers.ts';
import { clientId, clientSecret } from './relying-party.ts';

/** Ways in which a provider is no good, while people log in elsewhere. */
const troubles: Readonly<Record<string, Lies>> = {
  silent: { raw: { metadata: neverAnswers } },
  slow: { raw: { token: trickles } },
  'wrong-keys': { idToken: ({ header, claims, keys }) => sign(keys.foreign.privateKey, header, claims) },
  rotating: {
    idToken: ({ claims, keys }) => sign(keys.own.privateKey, { kid: 'not-yet-published' }, claims),
  },
};

const housing = housings.at(-1) ?? 'embedded';
/** What a login may take in the end, and what a busy machine may add to it. */
const longestWait = 5_000 + 1_000;

let site: Site;
let server: RunningServer;
const providers = new Map<string, HostileProvider>();

beforeAll(async () => {
  const keys = await createKeyring();
  for (const [name, lies] of Object.entries(troubles))
    providers.set(name, await startHostileProvider(keys, lies));
  const entry = (name: string, issuer: string) => ({
    use: 'oidc',
    name,
    options: { issuer, clientId, clientSecret, label: name },
  });
  site = await prepareSite(housing, {
    authenticators: [
      { use: 'password' },
      ...[...providers].map(([name, { issuer }]) => entry(name, issuer)),
      // Nobody listens there.
      entry('down', 'http://localhost:9'),
    ],
  });
  server = await startPortcullis(site);
  await server.accounts.create({ username: 'ann', password }, operator);
}, 120_000);
afterAll(async () => {
  await server.close();
  await site.remove();
  await Promise.all([...providers.values()].map((each) => each.close()));
});

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { viewer { subject } } }';

/** Milliseconds that a local login took; it must have worked. */
async function logInHere(): Promise<number> {
  const began = performance.now();
  const { status, text } = await ask(server.client(), LOGIN, { input: { username: 'ann', password } });
  expect([status, text]).toEqual([200, expect.stringContaining('user:ann')]);
  return performance.now() - began;
}

/** Milliseconds that a login there took until somebody said no. */
async function logInThere(name: string): Promise<number> {
  const client = server.client();
  const began = performance.now();
  const page = await press(client, name);
  const url = findSentTo(page);
  const provider = providers.get(name);
  if (url === null || provider === undefined) {
    expect(page.status).toBe(503);
    return performance.now() - began;
  }
  const half = performance.now() - began;
  const query = new URLSearchParams(provider.authorize(url)).toString();
  const beganAgain = performance.now();
  const answer = await comeBack(client, `/login/${name}/callback?${query}`);
  expect([401, 503]).toContain(answer.status);
  expect(client.jar.has('portcullis')).toBe(false);
  return Math.max(half, performance.now() - beganAgain);
}

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Infinity;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('F12: while every provider is down, silent, slow or has wrong keys, people log in here as fast as ever', async () => {
  const idle: number[] = [];
  const meanwhile: number[] = [];
  const there: number[] = [];
  await logInHere();
  // By turns: whatever else this machine does is in both.
  for (let turn = 0; turn < rounds(4, 12); turn += 1) {
    for (let each = 0; each < 8; each += 1) idle.push(await logInHere());
    let going = true;
    const others = [...providers.keys(), 'down'].map(async (name) => {
      while (going) {
        there.push(await logInThere(name));
        // Two a second at each: that a provider is down must cost, not that many people come.
        await pause(500);
      }
    });
    await pause(200);
    for (let each = 0; each < 8; each += 1) meanwhile.push(await logInHere());
    going = false;
    await Promise.all(others);
  }
  const [before, during] = [median(idle), median(meanwhile)];
  console.log(
    `local logins, medians of ${idle.length}: ${before.toFixed(0)} ms idle, ${during.toFixed(0)} ms meanwhile; ` +
      `${there.length} logins elsewhere, the slowest ${Math.max(...there).toFixed(0)} ms`,
  );
  expect(during).toBeLessThan(2 * before);
  expect(Math.max(...there)).toBeLessThan(longestWait);
}, 240_000);
