import { AggregatorRegistry, collectDefaultMetrics, Registry } from 'prom-client';

/** All metrics of one process at one time, fit for a message between processes. */
export type MetricsReading = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** What was not measured yet is no number, and would come out of a message as 0. */
export async function readMetrics(registry: Registry): Promise<MetricsReading> {
  const metrics = await registry.getMetricsAsJSON();
  return metrics.map((metric) => ({
    ...metric,
    values: metric.values.filter(({ value }) => Number.isFinite(value)),
  }));
}

/** Reads what a process uses that serves nobody by itself: processor time, memory, open files. */
export function createProcessReader(): () => Promise<MetricsReading> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return async () => (await readMetrics(registry)).filter(({ name }) => name.startsWith('process_'));
}

/**
 * One set of metrics for several processes, each metric put together as its `aggregator` says. Sums must not fall when a
 * process ends, or whoever reads them takes what the others have counted for new: what it had counted stays.
 */
export interface MergedReadings {
  /** Keeps what a process that has ended had counted, as far as it was read. */
  keep(last: MetricsReading): void;
  /** The metrics of these processes, as Prometheus reads them. */
  render(living: readonly MetricsReading[]): Promise<{ readonly contentType: string; readonly text: string }>;
}

export function createMergedReadings(): MergedReadings {
  let ended: Promise<MetricsReading> = Promise.resolve([]);
  const merge = (readings: readonly MetricsReading[]): Registry =>
    AggregatorRegistry.aggregate([...readings]);
  return {
    keep(last) {
      // prom-client's own type calls these words numbers.
      const counted = last.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));
      ended = ended.then((before) => merge([before, counted]).getMetricsAsJSON());
    },
    async render(living) {
      const merged = merge([...living, await ended]);
      return { contentType: merged.contentType, text: await merged.metrics() };
    },
  };
}
