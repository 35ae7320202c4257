import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { rounds } from '../rounds.ts';
import { ask, startLoad, warmUp } from './load.ts';
import { prepareWorkplace, type Workplace } from './serve-process.ts';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let place: Workplace;
beforeEach(async () => {
  place = await prepareWorkplace();
});
afterEach(() => place.remove());

const subscribe = (port: number, field: string) =>
  ask({ port, path: '/graphql', query: `subscription { ${field} }`, accept: 'text/event-stream' });

test(
  'F13: SIGTERM under load: not ready first, every request in flight answered, streams told why, ended within 10 s',
  async () => {
    for (let round = 0; round < rounds(3, 100); round += 1) {
      const server = await place.serve("shutdown: { lead: '2s' }");
      const { port } = server;
      await warmUp(port);
      const load = startLoad(port, 12);
      const streams = ['ticks', 'ticks', 'silence', 'silence'].map((field) => subscribe(port, field));
      await wait(700 + Math.random() * 300);
      server.process.kill('SIGTERM');
      const askedAt = performance.now();
      expect(await server.ended).toBe(0);
      const endedAt = performance.now();
      await load.end();

      expect(endedAt - askedAt).toBeLessThan(10_000);
      // Of those that somebody was waiting for when it was asked to stop, and of all others.
      const inFlight = load.outcomes.filter((each) => each.startedAt < askedAt && each.endedAt > askedAt);
      expect(inFlight.length).toBeGreaterThan(4);
      const wanted = { '/nothing': 404 } as Record<string, number>;
      const taken = load.outcomes.filter(({ status }) => status !== 'ECONNREFUSED');
      expect(taken.filter(({ what, status }) => status !== (wanted[what] ?? 200))).toEqual([]);
      expect(load.outcomes.filter(({ text }) => text.includes('errors'))).toEqual([]);
      // Not ready before it can't be reached, and ready before that.
      const statuses = load.probes.map(({ status }) => (typeof status === 'string' ? 'gone' : status));
      expect(statuses.filter((status, index) => status !== statuses[index - 1])).toEqual([200, 503, 'gone']);
      for (const { status, text } of await Promise.all(streams)) {
        expect(status).toBe(200);
        const events = text.split('\n\n').filter((event) => event.startsWith('event:'));
        expect(events.at(-1)).toMatch(/^event: complete/);
        expect(events.at(-2)).toContain('"code":"UNAVAILABLE"');
        expect(events.at(-2)).toContain('The server is closing.');
      }
    }
  },
  rounds(180_000, 7_200_000),
);

test('a request that does not end is cut, and the server ends in the time it was given', async () => {
  const server = await place.serve("shutdown: { lead: '0s', within: '4s' }");
  const held = ask({ port: server.port, path: '/graphql', query: '{ hold }' });
  await wait(300);
  server.process.kill('SIGTERM');
  const askedAt = performance.now();
  expect((await held).status).toBe('ECONNRESET');
  expect(await server.ended).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(4_500);
  expect(server.output()).toContain('"event":"server.stopped"');
}, 120_000);

test.each([
  ['SIGTERM', 'SIGTERM', 143],
  ['SIGINT', 'SIGTERM', 143],
  ['SIGTERM', 'SIGINT', 130],
] as const)(
  '%s and then %s ends the server at once, and another one starts in its place',
  async (first, second, code) => {
    const server = await place.serve();
    const held = ask({ port: server.port, path: '/graphql', query: '{ hold }' });
    await wait(300);
    server.process.kill(first);
    await wait(300);
    expect(server.process.exitCode).toBeNull();
    server.process.kill(second);
    const askedAt = performance.now();
    expect(await server.ended).toBe(code);
    // At once, and not after the drain: on a machine that is busy with other tests too.
    expect(performance.now() - askedAt).toBeLessThan(4_000);
    expect((await held).status).toBe('ECONNRESET');
    const next = await place.serve();
    expect((await ask({ port: next.port, path: '/readyz' })).status).toBe(200);
  },
  120_000,
);
