import { createMergedReadings, type MetricsReading } from '../telemetry/merge-readings.ts';
import type { WorkerProcess } from './messages.ts';

/** How long a worker may take to tell its metrics; then the last that it told count. Milliseconds. */
const patience = 1_000;

export interface MetricsGathering {
  /** From now on the worker's metrics are among them. Returns the same worker. */
  watch(worker: WorkerProcess): WorkerProcess;
  /** The metrics of all workers as one, as Prometheus reads them. */
  readonly render: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

/** `readOwn` reads what belongs to no worker: the supervisor's own process. */
export function createMetricsGathering(readOwn: () => Promise<MetricsReading>): MetricsGathering {
  const merged = createMergedReadings();
  const last = new Map<WorkerProcess, MetricsReading>();
  const asked = new Map<number, () => void>();
  let lastId = 0;

  const read = (worker: WorkerProcess): Promise<void> =>
    new Promise((resolve) => {
      const id = ++lastId;
      const end = (): void => {
        clearTimeout(timer);
        asked.delete(id);
        resolve();
      };
      const timer = setTimeout(end, patience);
      asked.set(id, end);
      worker.tell({ kind: 'read-metrics', id });
    });

  return {
    watch(worker) {
      last.set(worker, []);
      worker.onNews((news) => {
        if (news.kind !== 'metrics') return;
        if (last.has(worker)) last.set(worker, news.reading);
        asked.get(news.id)?.();
      });
      worker.onExit(() => {
        const reading = last.get(worker) ?? [];
        last.delete(worker);
        merged.keep(reading);
      });
      return worker;
    },
    async render() {
      await Promise.all([...last.keys()].map(read));
      return merged.render([...last.values(), await readOwn()]);
    },
  };
}
