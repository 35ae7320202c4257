import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Answer } from '../http/client.ts';
import { connectBeside, embeddedAddress } from '../store/open-test-store.ts';
import { silentLog } from '../../src/core/log.ts';
import { housings } from '../system/housings.ts';
import { answerOf, ask } from '../system/start-portcullis.ts';
import { readMetrics, sumOf } from '../telemetry/read-metrics.ts';
import { isAlive, prepareWorkers, until, type WorkersSite } from './serve-workers.ts';

const patience = 240_000;

describe.each(housings)('workers that die, on %s', (housing) => {
  let site: WorkersSite;
  beforeEach(async () => {
    site = await prepareWorkers(housing);
  }, patience);
  afterEach(() => site.remove(), patience);

  test(
    'a killed worker loses no acknowledged change, and another takes its place while requests go on',
    async () => {
      const served = await site.serve();
      const root = await served.loggedIn('root');
      const acknowledged: string[] = [];
      const cut: string[] = [];
      let going = true;
      const work = async (of: number): Promise<void> => {
        for (let turn = 0; going; turn += 1) {
          const name = `made-${of}-${turn}`;
          const made =
            'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { name } } }';
          const answer: Answer | string = await Promise.race([
            ask(root, made, { input: { name } }).catch(() => 'cut'),
            new Promise<string>((resolve) => setTimeout(resolve, 5_000, 'no answer')),
          ]);
          if (typeof answer === 'string') cut.push(answer);
          else if (answer.status === 200 && !answer.text.includes('errors')) acknowledged.push(name);
          else cut.push(answer.text);
        }
      };
      const working = Promise.all([0, 1, 2, 3].map(work));
      for (const victim of [2, 1]) {
        const before = acknowledged.length;
        await until('some changes', () => acknowledged.length > before + 10);
        const pid = served.signal(victim, 'SIGKILL');
        await until('another one', () => served.workers().get(victim) !== pid);
      }
      const before = acknowledged.length;
      await until('changes after that', () => acknowledged.length > before + 10);
      going = false;
      await working;
      // What was in flight with the killed ones is cut, one for each that asked at most, and nothing else is.
      expect(cut.length).toBeLessThanOrEqual(8);
      const found = new Set<string>();
      for (let after: string | null = null, more = true; more;) {
        const query =
          'query ($after: String) { groups(first: 100, after: $after) { edges { node { name } } pageInfo { hasNextPage endCursor } } }';
        const { data } = await answerOf(root, query, { after });
        const { groups } = data as {
          groups: {
            edges: { node: { name: string } }[];
            pageInfo: { hasNextPage: boolean; endCursor: string };
          };
        };
        for (const { node } of groups.edges) found.add(node.name);
        ({ hasNextPage: more, endCursor: after } = groups.pageInfo);
      }
      expect(acknowledged.filter((name) => !found.has(name))).toEqual([]);
      // `started` once more, by the one that took the first place; the supervisor is the one that it was.
      expect(await site.started()).toHaveLength(2);
      expect(served.output().match(/Portcullis is ready\./g)).toHaveLength(1);
      served.supervisor.kill('SIGTERM');
      expect(await served.ended).toBe(0);
    },
    patience,
  );

  test(
    'what a worker had counted does not fall when it dies, and its place stays taken',
    async () => {
      const served = await site.serve();
      for (let turn = 0; turn < 10; turn += 1) await answerOf(served.client(), '{ viewer { subject } }');
      const counted = async () =>
        sumOf(await readMetrics(served.metricsPort), 'portcullis_http_request_duration_seconds_count');
      const before = await counted();
      expect(before).toBe(10);
      const pid = served.signal(1, 'SIGKILL');
      await until('another one', () => served.workers().get(1) !== pid);
      expect(await counted()).toBe(before);
      // A link that somebody may be about to open is not replaced by another one, and not printed again.
      expect(served.everReady()).toHaveLength(3);
    },
    patience,
  );

  test(
    'one that is told to stop by itself finishes what it does, and another takes its place',
    async () => {
      const served = await site.serve();
      const held = Array.from({ length: 4 }, () => answerOf(served.client(), '{ hold }'));
      await new Promise((next) => setTimeout(next, 300));
      const pid = served.signal(2, 'SIGTERM');
      for (const { data } of await Promise.all(held)) expect(data?.['hold']).toBeGreaterThan(0);
      await until('another one', () => served.workers().get(2) !== pid);
      expect(served.output()).toContain('"event":"worker.left"');
      expect(served.output()).not.toContain('"event":"worker.died"');
    },
    patience,
  );

  test(
    'a crash loop ends the server: it says so, its code is not 0, and no worker is left',
    async () => {
      const served = await site.serve();
      for (let death = 1; death <= 5; death += 1) {
        const pid = served.signal(2, 'SIGKILL');
        if (death < 5) await until('another one', () => served.workers().get(2) !== pid);
      }
      expect(await served.ended).toBe(70);
      expect(served.output()).toContain('portcullis: 5 workers died within a minute');
      expect(served.everReady().filter(isAlive)).toEqual([]);
    },
    patience,
  );

  test(
    'where the supervisor is killed, workers finish what they do, say so and end, and another server can start',
    async () => {
      const served = await site.serve();
      const held = answerOf(served.client(), '{ hold }').catch(() => null);
      await new Promise((next) => setTimeout(next, 300));
      served.supervisor.kill('SIGKILL');
      await until('the end of the workers', () => !served.everReady().some(isAlive));
      expect(served.output()).toContain('"signal":"the supervisor is gone"');
      expect((await held)?.data?.['hold']).toBeGreaterThan(0);
      const next = await site.serve();
      expect((await next.client().get('/readyz')).status).toBe(200);
    },
    patience,
  );
});

test(
  'where the embedded database ends, all workers do, with a clear word and a code of its own',
  async () => {
    const site = await prepareWorkers('embedded');
    try {
      const served = await site.serve();
      const dataDir = site.env['DATA_DIR'] ?? '';
      expect((await embeddedAddress(dataDir)).port).toBeGreaterThan(0);
      const client = await connectBeside({ databaseUrl: null, dataDir, log: silentLog });
      // PGlite ends over this; COPY in plain sight is refused.
      void client
        .query("DO $x$ BEGIN EXECUTE 'co' || 'py (select 1) to program ''ls'''; END $x$")
        .catch(() => undefined);
      expect(await served.ended).toBe(70);
      await client.end().catch(() => undefined);
      expect(served.output()).toContain('portcullis: The embedded database has ended');
      expect(served.everReady().filter(isAlive)).toEqual([]);
    } finally {
      await site.remove();
    }
  },
  patience,
);
