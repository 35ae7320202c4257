import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer, Client } from '../../http/client.ts';
import { comeBack, findSentTo, press } from '../../http/redirecting-browser.ts';
import { createKeyring } from './hostile/forge.ts';
import { everyCase } from './hostile/every-case.ts';
import type { HostileCase, Scene } from './hostile/hostile-case.ts';
import { startHostileProvider, type HostileProvider } from './hostile/hostile-provider.ts';
import { clientId, clientSecret, createRelyingParty, type Started } from './relying-party.ts';
import { serve, type Served } from './serve.ts';

/** The deadline of a login, and what a busy machine may add to it. */
const longestWait = 5_000;
const margin = 1_000;

// What a browser keeps is sealed here, so that nobody can keep something else.
const cases = everyCase.filter(({ keeps }) => keeps === undefined);

interface Result {
  readonly last: Answer;
  readonly slowest: number;
  readonly sessions: readonly string[];
  readonly asked: readonly string[];
}

let served: Served;
let honest: HostileProvider;
let providers: readonly HostileProvider[];
const results = new Map<HostileCase, Result>();
/** What must stand in no log: codes, states, tokens. */
const secrets = new Set<string>([clientSecret]);

const entry = (name: string, { issuer }: HostileProvider): object => ({
  use: 'oidc',
  name,
  options: { issuer, clientId, clientSecret, label: name },
});

beforeAll(async () => {
  const keys = await createKeyring();
  honest = await startHostileProvider(keys);
  providers = await Promise.all(cases.map(({ lies }) => startHostileProvider(keys, lies)));
  served = await serve([
    { use: 'password' },
    entry('honest', honest),
    ...providers.map((provider, index) => entry(`case-${index}`, provider)),
  ]);
  const waiting = [...cases.entries()];
  const play = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, each] = next;
      results.set(each, await playOverHttp(each, `case-${index}`, providers[index]!));
    }
  };
  // Those that wait for the deadline wait beside the others.
  await Promise.all(Array.from({ length: 8 }, play));
}, 240_000);

afterAll(async () => {
  await served.stop();
  await Promise.all([honest, ...providers].map((each) => each.close()));
});

async function playOverHttp(
  { comesBack }: HostileCase,
  name: string,
  provider: HostileProvider,
): Promise<Result> {
  const client = served.client();
  const times: number[] = [];
  const timed = async (work: Promise<Answer>): Promise<Answer> => {
    const began = performance.now();
    const answer = await work;
    times.push(performance.now() - began);
    return answer;
  };
  const result = (last: Answer): Result => ({
    last,
    slowest: Math.max(...times),
    sessions: [...client.jar.keys()].filter((each) => each === 'portcullis'),
    asked: provider.asked,
  });
  const page = await timed(press(client, name));
  const url = findSentTo(page);
  if (url === null) return result(page);

  const query = provider.authorize(url);
  const sent =
    comesBack === undefined ? query : comesBack(query, await begunElsewhere(client, name, provider));
  for (const key of ['code', 'state']) {
    const value = sent[key] ?? '';
    if (value.length >= 20) secrets.add(value);
  }
  const callback = `/login/${name}/callback?${new URLSearchParams(sent).toString()}`;
  return result(await timed(comeBack(client, callback)));
}

/** A login that another browser began there, and one that this browser began at an honest provider. */
async function begunElsewhere(client: Client, name: string, provider: HostileProvider): Promise<Scene> {
  const started = (page: Answer): Started => {
    const url = findSentTo(page) ?? new URL('nowhere:');
    return { outcome: { kind: 'redirect', url: url.href }, url, session: {} };
  };
  const other = started(await press(served.client(), name));
  const begun = started(await press(client, 'honest'));
  const elsewhere = { started: begun, query: honest.authorize(begun.url), issuer: honest.issuer };
  return { party: createRelyingParty({ options: { issuer: provider.issuer } }), provider, other, elsewhere };
}

const whoami = async (client: Client): Promise<string> =>
  (await client.json('/graphql', { query: '{ viewer { subject } }' })).text;

describe('over HTTP, with a server for all of them', () => {
  test.each(cases.map((each) => [each.row, each.name, each] as const))(
    '%s: nobody gets in where %s',
    (_row, _name, each) => {
      const { last, slowest, sessions, asked } = results.get(each)!;
      expect(sessions).toEqual([]);
      expect([400, 401, 503]).toContain(last.status);
      expect(last.text).toContain('<h1');
      expect(slowest).toBeLessThan(longestWait + margin);
      expect(asked.filter((path) => each.neverAsked?.includes(path) === true)).toEqual([]);
    },
  );

  test('C71: the server is still there, and nothing went astray in it', () => {
    expect(served.ended()).toBeNull();
    const output = served.output();
    for (const stray of ['exception.stray', 'rejection.stray', 'strategy.answered-again', '"status":500']) {
      expect(output).not.toContain(stray);
    }
  });

  test('C35, C70: no code, state, token or secret stands in its log', () => {
    const output = served.output();
    expect(secrets.size).toBeGreaterThan(100);
    expect([...secrets].filter((each) => output.includes(each))).toEqual([]);
    expect(output).not.toMatch(/eyJ[\w-]{10,}/);
    // eslint-disable-next-line no-control-regex -- what would move a terminal's cursor
    expect(output).not.toMatch(/[\u0000-\u0008\u000b-\u001a\u001c-\u001f]/);
  });

  test('an honest provider beside them lets somebody in', async () => {
    const client = served.client();
    const url = findSentTo(await press(client, 'honest'));
    const query = new URLSearchParams(honest.authorize(url!)).toString();
    const answer = await comeBack(client, `/login/honest/callback?${query}`);
    expect([answer.status, answer.headers['location']]).toEqual([303, '/']);
    expect(await whoami(client)).toContain('user:ann-at-');
  });
});
