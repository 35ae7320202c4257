import { expect, test } from '@jest/globals';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createMergedReadings, readMetrics } from '../../src/telemetry/merge-readings.ts';
import type { News, WorkerProcess } from '../../src/workers/messages.ts';
import { createMetricsGathering } from '../../src/workers/gather-metrics.ts';
import { parseMetrics, sumOf } from '../telemetry/read-metrics.ts';

/** One process with a number of each kind. */
function setUp(served: number) {
  const registry = new Registry();
  const registers = [registry];
  const asked = new Counter({ name: 'asked_total', help: 'Asked.', labelNames: ['of'], registers });
  const took = new Histogram({ name: 'took_seconds', help: 'Took.', buckets: [1, 5], registers });
  const open = new Gauge({ name: 'open', help: 'Open.', registers });
  const epoch = new Gauge({ name: 'epoch', help: 'Epoch.', registers, aggregator: 'min' });
  new Gauge({ name: 'unknown', help: 'Not measured yet.', registers }).set(NaN);
  asked.inc({ of: 'a' }, served);
  for (let each = 0; each < served; each += 1) took.observe(each);
  open.set(served);
  epoch.set(served);
  return async () =>
    JSON.parse(JSON.stringify(await readMetrics(registry))) as Awaited<ReturnType<typeof readMetrics>>;
}

const samplesOf = async (rendered: Promise<{ text: string }>) => parseMetrics((await rendered).text);

test('two processes are one: sums, and what is to be the least is the least', async () => {
  const merged = createMergedReadings();
  const samples = await samplesOf(merged.render([await setUp(2)(), await setUp(7)()]));
  expect(sumOf(samples, 'asked_total', { of: 'a' })).toBe(9);
  expect(sumOf(samples, 'took_seconds_count')).toBe(9);
  expect(sumOf(samples, 'took_seconds_bucket', { le: '1' })).toBe(4);
  expect(sumOf(samples, 'open')).toBe(9);
  expect(sumOf(samples, 'epoch')).toBe(2);
  // Nobody has measured it: it is not 0.
  expect(samples.filter(({ name }) => name === 'unknown')).toEqual([]);
});

test('what processes that have ended had counted stays, what they had open does not', async () => {
  const merged = createMergedReadings();
  merged.keep(await setUp(2)());
  merged.keep(await setUp(4)());
  const samples = await samplesOf(merged.render([await setUp(1)()]));
  expect(sumOf(samples, 'asked_total')).toBe(7);
  expect(sumOf(samples, 'took_seconds_count')).toBe(7);
  expect(sumOf(samples, 'open')).toBe(1);
  expect(sumOf(samples, 'epoch')).toBe(1);
});

test('a worker that does not answer counts with what it told last, and keeps nobody waiting for long', async () => {
  const listeners: ((news: News) => void)[] = [];
  const exits: (() => void)[] = [];
  const reading = await setUp(3)();
  let answers = true;
  const worker: WorkerProcess = {
    pid: 1,
    kill: () => undefined,
    onNews: (listener) => void listeners.push(listener),
    onExit: (listener) => void exits.push(() => listener(null, 'SIGKILL')),
    tell(order) {
      if (answers && order.kind === 'read-metrics')
        for (const listener of listeners) listener({ kind: 'metrics', id: order.id, reading });
    },
  };
  const gathering = createMetricsGathering(() => Promise.resolve([]));
  gathering.watch(worker);
  expect(sumOf(await samplesOf(gathering.render()), 'open')).toBe(3);
  answers = false;
  const before = performance.now();
  expect(sumOf(await samplesOf(gathering.render()), 'open')).toBe(3);
  expect(performance.now() - before).toBeLessThan(5_000);
  for (const exit of exits) exit();
  const samples = await samplesOf(gathering.render());
  expect(sumOf(samples, 'open')).toBe(0);
  expect(sumOf(samples, 'asked_total')).toBe(3);
});
