import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PortcullisError } from '../../../src/core/errors.ts';
import { createKeyring, type Keyring } from './hostile/forge.ts';
import { everyCase } from './hostile/every-case.ts';
import type { HostileCase } from './hostile/hostile-case.ts';
import { startHostileProvider } from './hostile/hostile-provider.ts';
import { createRelyingParty, type Finished, type Started } from './relying-party.ts';

/** The deadline of a login, and what a busy machine may add to it. */
const longestWait = 5_000;
const margin = 500;

let keys: Keyring;
beforeAll(async () => {
  keys = await createKeyring();
});

interface Result {
  readonly ended: Started | Finished;
  readonly slowest: number;
  readonly asked: readonly string[];
}

/** One login at a provider that lies so, and how long each half of it took. */
async function play({ lies = {}, comesBack, keeps, endsAt }: HostileCase): Promise<Result> {
  const provider = await startHostileProvider(keys, lies);
  const second = await startHostileProvider(keys);
  const times: number[] = [];
  const timed = async <Value>(work: Promise<Value>): Promise<Value> => {
    const began = performance.now();
    const value = await work;
    times.push(performance.now() - began);
    return value;
  };
  try {
    const party = createRelyingParty({ options: { issuer: provider.issuer } });
    const started = await timed(party.start());
    const result = (ended: Started | Finished): Result => ({
      ended,
      slowest: Math.max(...times),
      asked: provider.asked,
    });
    if (endsAt === 'start' || started.outcome.kind !== 'redirect') return result(started);

    const other = await party.start();
    const elsewhere = createRelyingParty({ options: { issuer: second.issuer }, name: 'other' });
    const begun = await elsewhere.start();
    const scene = {
      party,
      provider,
      other,
      elsewhere: { started: begun, query: second.authorize(begun.url), issuer: second.issuer },
    };
    const query = provider.authorize(started.url);
    const finished = await timed(
      party.finish(comesBack?.(query, scene) ?? query, keeps?.(started.session, scene) ?? started.session),
    );
    return result(finished);
  } finally {
    await provider.close();
    await second.close();
  }
}

const say = ({ outcome }: Started | Finished): string => {
  if (outcome.kind !== 'error' || !(outcome.error instanceof Error)) return `"${outcome.kind}"`;
  return outcome.error instanceof PortcullisError ? (outcome.error.detail ?? '') : outcome.error.message;
};

const kindOf = ({ outcome }: Started | Finished): string => {
  if (outcome.kind !== 'error') return outcome.kind;
  return outcome.error instanceof PortcullisError && outcome.error.code === 'UNAVAILABLE'
    ? 'unreachable'
    : 'unproved';
};

describe('a hostile provider', () => {
  // Those that wait for the deadline wait at once.
  const slow = everyCase.filter(({ says }) => says.source === 'no answer in time');
  const played = new Map<HostileCase, Promise<Result>>();
  beforeAll(() => {
    for (const each of slow) played.set(each, play(each));
  });
  afterAll(() => Promise.allSettled(played.values()));

  test('is one that everybody could log in at, if it did not lie', async () => {
    const { ended } = await play({ name: 'honest', as: 'unproved', says: /./ });
    expect(ended.outcome.kind).toBe('success');
    expect('identification' in ended && ended.identification.kind).toBe('identity');
  });

  test.each(everyCase.map((each) => [each.row, each.name, each] as const))(
    '%s: nobody gets in where %s',
    async (_row, _name, each) => {
      const { ended, slowest, asked } = await (played.get(each) ?? play(each));
      expect(say(ended)).toMatch(each.says);
      expect(kindOf(ended)).toBe(each.as);
      if ('identification' in ended) expect(ended.identification.kind).toBe('none');
      expect(slowest).toBeLessThan(longestWait + margin);
      expect(asked.filter((path) => each.neverAsked?.includes(path) === true)).toEqual([]);
    },
  );
});
