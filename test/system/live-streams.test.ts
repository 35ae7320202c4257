import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import { defineModule } from '../../src/graphql/module.ts';
import { housings } from './housings.ts';
import {
  answerOf,
  password,
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
} from './start-portcullis.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** One gives events all the time, the other none: what ends a stream must not wait for an event. */
const bells = defineModule<unknown>({
  name: 'bells',
  typeDefs: /* GraphQL */ `
    type Subscription {
      ticks: Tick
      silence: Tick
    }
    type Tick {
      at: Int
    }
  `,
  resolvers: {
    Subscription: {
      ticks: {
        async *subscribe() {
          for (let at = 0; ; at += 1) {
            yield { ticks: { at } };
            await pause(50);
          }
        },
      },
      silence: {
        async *subscribe() {
          await new Promise(() => undefined);
          yield { silence: null };
        },
      },
    },
  },
});

describe.each(housings)('subscriptions that are being answered, on %s', (housing) => {
  let site: Site;
  let server: RunningServer;
  let annId: string;
  let ann: Awaited<ReturnType<RunningServer['loggedIn']>>;

  beforeAll(async () => {
    site = await prepareSite(housing, { modules: [bells] });
    await writeFile(
      join(site.policies, 'bells.csv'),
      'p, group:ringers, Subscription.*, *, allow\np, group:ringers, Tick.at, *, allow\n',
    );
    server = await startPortcullis(site);
    ({ id: annId } = await server.accounts.create({ username: 'ann', password }, operator));
  });
  afterAll(async () => {
    await server.close();
    await site.remove();
  });
  beforeEach(async () => {
    await server.accounts.changeStatus(annId, 'active', operator);
    await server.accounts.addToGroup('ringers', 'user:ann', operator);
    ann = await server.loggedIn('ann');
  });
  afterEach(() => server.accounts.endSessions(annId, operator));

  /** An open stream: its text so far, and when the server ended it. */
  function subscribe(field: string) {
    let text = '';
    let isOpen = true;
    const cookie = [...ann.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const ended = new Promise<number>((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: server.port,
          path: '/graphql',
          method: 'POST',
          agent: false,
          headers: { cookie, 'content-type': 'application/json', accept: 'text/event-stream' },
        },
        (incoming) => {
          incoming.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
          incoming.on('end', () => {
            isOpen = false;
            resolve(performance.now());
          });
          incoming.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(JSON.stringify({ query: `subscription { ${field} { at } }` }));
    });
    return { text: () => text, isOpen: () => isOpen, ended };
  }

  const open = async () => {
    const streams = ['ticks', 'silence'].map(subscribe);
    while (streams[0]?.text().includes('"at":3') !== true) await pause(20);
    return streams;
  };

  /** Each was ended within a second of the change, with that code and no more events after it. */
  async function expectEnded(streams: readonly ReturnType<typeof subscribe>[], since: number, code: string) {
    for (const { ended, text } of streams) {
      expect((await ended) - since).toBeLessThan(1_500);
      const events = text()
        .split('\n\n')
        .filter((event) => event.startsWith('event:'));
      expect(events.at(-1)).toMatch(/^event: complete/);
      expect(events.at(-2)).toContain(`"code":"${code}"`);
    }
  }

  const ends: readonly [string, string, () => Promise<unknown>][] = [
    ['a logout', 'UNAUTHENTICATED', () => answerOf(ann, 'mutation { logout { viewer { subject } } }')],
    ['the end of all sessions', 'UNAUTHENTICATED', () => server.accounts.endSessions(annId, operator)],
    ['a suspension', 'UNAUTHENTICATED', () => server.accounts.changeStatus(annId, 'suspended', operator)],
    [
      'a membership that is taken',
      'FORBIDDEN',
      () => server.accounts.removeFromGroup('ringers', 'user:ann', operator),
    ],
  ];
  test.each(ends)('%s ends them within a second, with %s', async (_, code, end) => {
    const streams = await open();
    const since = performance.now();
    await end();
    await expectEnded(streams, since, code);
  });

  test('an edit of the policy ends those that it denies, and another one leaves them alone', async () => {
    const streams = await open();
    const file = join(site.policies, 'bells.csv');
    const before = await readFile(file, 'utf8');
    const edit = async (change: () => Promise<void>) => {
      const { version } = server.policy.status();
      await change();
      while (server.policy.status().version === version) await pause(20);
    };
    await edit(() => appendFile(file, 'p, group:ringers, Query.users, *, allow\n'));
    await pause(1_000);
    expect(streams.map(({ isOpen }) => isOpen())).toEqual([true, true]);
    await edit(() => appendFile(file, 'p, group:ringers, Subscription.*, *, deny\n'));
    await expectEnded(streams, performance.now(), 'FORBIDDEN');
    await edit(() => writeFile(file, before));
  });

  test('what an event may show is decided when it comes', async () => {
    const streams = await open();
    const [ticks] = streams;
    const since = performance.now();
    await server.accounts.addToGroup('deaf', 'user:ann', operator);
    await appendFile(join(site.policies, 'bells.csv'), 'p, group:deaf, Tick.at, *, deny\n');
    while (ticks?.text().includes('"at":null') !== true) {
      expect(performance.now() - since).toBeLessThan(10_000);
      await pause(20);
    }
    expect(ticks.text()).toContain('"coordinate":"Tick.at"');
    expect(streams.map(({ isOpen }) => isOpen())).toEqual([true, true]);
  });
});
