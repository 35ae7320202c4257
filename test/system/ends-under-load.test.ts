import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import { systemClock, type Clock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { rounds } from '../rounds.ts';
import { housings } from './housings.ts';
import {
  answerOf,
  password,
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
} from './start-portcullis.ts';

const WHO = '{ viewer { subject } }';
const USED = '{ viewer { sessions { edges { node { createdAt lastUsedAt } } } } }';
const LOGOUT = 'mutation { logout { viewer { subject } } }';

/** A last use is written once a minute: every request comes a minute after the one before, so that all of them write. */
const jumps = { passed: 0 };
const jumping: Clock = { ...systemClock, now: () => systemClock.now() + jumps.passed };

describe.each(housings)('F09: sessions that end while a hundred requests write them, on %s', (housing) => {
  let site: Site;
  let one: RunningServer;
  let two: RunningServer;
  let id: string;

  beforeAll(async () => {
    site = await prepareSite(housing, { sessions: { idle: '30d', absolute: '365d' } });
    one = await startPortcullis(site, silentLog, jumping);
    // Nobody else may open an embedded database: there, both are one.
    two = housing === 'embedded' ? one : await startPortcullis(site, silentLog, jumping);
    ({ id } = await one.accounts.create({ username: 'ann', password }, operator));
  });
  afterAll(async () => {
    await one.close();
    if (two !== one) await two.close();
    await site.remove();
  });

  /** A browser that has the cookie and would not part with it. */
  const askAs = async (cookies: ReadonlyMap<string, string>, server: RunningServer, query = WHO) => {
    const client = server.client();
    for (const [name, value] of cookies) client.jar.set(name, value);
    jumps.passed += 61_000;
    return answerOf(client, query);
  };
  const subjectOf = async (cookies: ReadonlyMap<string, string>, server: RunningServer) => {
    const { data, codes } = await askAs(cookies, server);
    return (data as { viewer: { subject: string } } | null)?.viewer.subject ?? codes.join();
  };

  test('every request writes', async () => {
    const cookies = new Map((await one.loggedIn('ann')).jar);
    await subjectOf(cookies, two);
    const { data } = await askAs(cookies, one, USED);
    const { sessions } = (data as { viewer: { sessions: { edges: { node: Record<string, string> }[] } } })
      .viewer;
    const [used] = sessions.edges.map(({ node }) => node);
    expect(Date.parse(used?.['lastUsedAt'] ?? '') - Date.parse(used?.['createdAt'] ?? '')).toBeGreaterThan(
      60_000,
    );
    await one.accounts.endSessions(id, operator);
  });

  test.each([
    ['a logout', (cookies: ReadonlyMap<string, string>) => askAs(cookies, one, LOGOUT)],
    ['the end of all sessions', () => one.accounts.endSessions(id, operator)],
    ['a suspension', () => one.accounts.changeStatus(id, 'suspended', operator)],
  ] as const)(
    '%s: nobody is let in after it was acknowledged, and none comes back',
    async (_, end) => {
      for (let round = 0; round < rounds(4, 334); round += 1) {
        const cookies = new Map((await one.loggedIn('ann')).jar);
        let acknowledged = Number.POSITIVE_INFINITY;
        const send = async (at: number) => {
          const sent = performance.now();
          const subject = await subjectOf(cookies, at % 2 === 0 ? one : two);
          return { subject, sent, answered: performance.now() };
        };
        const before = Array.from({ length: 50 }, (__, at) => send(at));
        await Promise.race(before);
        const ending = Promise.resolve(end(cookies)).then(() => {
          acknowledged = performance.now();
        });
        const beside = Array.from({ length: 50 }, (__, at) => send(at));
        await ending;
        const after = [0, 1, 2, 3].map(send);
        const answers = await Promise.all([...before, ...beside, ...after]);

        const subjects = new Set(answers.map(({ subject }) => subject));
        expect([...subjects]).toEqual(expect.arrayContaining(['user:ann', 'anonymous']));
        // On a machine that is busy otherwise, some wait for the database in vain: nobody is let in then.
        for (const subject of subjects) expect(['user:ann', 'anonymous', 'UNAVAILABLE']).toContain(subject);
        const late = answers.filter(
          ({ subject, sent, answered }) =>
            subject === 'user:ann' && (sent > acknowledged || answered > acknowledged + 1_000),
        );
        expect(late).toEqual([]);

        await one.accounts.changeStatus(id, 'active', operator);
        expect(await Promise.all([one, two].map((server) => subjectOf(cookies, server)))).toEqual([
          'anonymous',
          'anonymous',
        ]);
      }
    },
    rounds(60_000, 3_600_000),
  );
});
