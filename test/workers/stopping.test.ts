import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, startLoad, warmUp } from '../operations/load.ts';
import { housings } from '../system/housings.ts';
import { answerOf } from '../system/start-portcullis.ts';
import { isAlive, prepareWorkers, until, type WorkersSite } from './serve-workers.ts';

const patience = 240_000;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(housings)('stopping workers on %s', (housing) => {
  let site: WorkersSite;
  beforeAll(async () => {
    site = await prepareWorkers(housing);
  }, patience);
  afterAll(() => site.remove(), patience);

  test(
    'F13: SIGTERM under load: not ready first, every request in flight answered by each worker, code 0',
    async () => {
      const served = await site.serve(['--workers', '2'], {
        NODE_ENV: 'production',
        SECRETS: 'a'.repeat(40),
      });
      await warmUp(served.port);
      const load = startLoad(served.port, 12);
      await wait(700);
      // So many that chance gives none of the workers nothing.
      const held = Array.from({ length: 16 }, () =>
        ask({ port: served.port, path: '/graphql', query: '{ hold }' }),
      );
      await wait(200);
      served.supervisor.kill('SIGTERM');
      const askedAt = performance.now();
      expect(await served.ended).toBe(0);
      expect(performance.now() - askedAt).toBeLessThan(10_000);
      await load.end();
      // Those that were held are in flight for certain; of the others, whichever happened to be.
      expect((await Promise.all(held)).every(({ endedAt }) => endedAt > askedAt)).toBe(true);
      const wanted = { '/nothing': 404 } as Record<string, number>;
      // A field that this configuration does not have is refused, and that is an answer too.
      const answered = new Set([200, 400]);
      const taken = load.outcomes.filter(({ status }) => status !== 'ECONNREFUSED');
      expect(
        taken.filter(({ what, status }) =>
          wanted[what] === undefined ? !answered.has(Number(status)) : status !== wanted[what],
        ),
      ).toEqual([]);
      const pids = (await Promise.all(held)).map(({ status, text }) => {
        expect(status).toBe(200);
        return (JSON.parse(text) as { data: { hold: number } }).data.hold;
      });
      expect(new Set(pids)).toEqual(new Set(served.workers().values()));
      const statuses = load.probes.map(({ status }) => (typeof status === 'string' ? 'gone' : status));
      expect(statuses.filter((status, index) => status !== statuses[index - 1])).toEqual([200, 503, 'gone']);
      expect(served.everReady().filter(isAlive)).toEqual([]);
    },
    patience,
  );

  test(
    'a signal that reaches the workers too, as at a terminal, counts once: what is in flight is answered, code 0',
    async () => {
      const served = await site.serve();
      const held = Array.from({ length: 4 }, () => answerOf(served.client(), '{ hold }'));
      await wait(300);
      for (const worker of [1, 2]) served.signal(worker, 'SIGINT');
      served.supervisor.kill('SIGINT');
      for (const { data } of await Promise.all(held)) expect(data?.['hold']).toBeGreaterThan(0);
      expect(await served.ended).toBe(0);
      expect(served.output()).not.toContain('"event":"worker.died"');
    },
    patience,
  );

  test(
    'a second signal ends all at once, and so does none where something hangs for longer than it may',
    async () => {
      const served = await site.serve();
      const hang = request({
        host: '127.0.0.1',
        port: served.port,
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': 100 },
      });
      const cut = once(hang, 'error');
      await new Promise<void>((sent) => hang.write('{', () => sent()));
      await wait(300);
      served.supervisor.kill('SIGTERM');
      await until('the order to stop', () => served.output().includes('"event":"server.stopping"'));
      await wait(300);
      expect(served.supervisor.exitCode).toBeNull();
      served.supervisor.kill('SIGTERM');
      expect(await served.ended).toBe(143);
      await cut;
      await until('the end of the workers', () => !served.everReady().some(isAlive));
      const next = await site.serve();
      expect((await ask({ port: next.port, path: '/readyz' })).status).toBe(200);
    },
    patience,
  );
});
