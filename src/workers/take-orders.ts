import cluster from 'node:cluster';
import type { MetricsReading } from '../telemetry/merge-readings.ts';
import type { News, Order } from './messages.ts';

/** Why a worker stops, and its exit code when it has. */
export interface Ending {
  readonly why: string;
  readonly exitCode: number;
}

export interface Orders {
  tell(news: News): void;
  /** From now on metrics are read there. */
  readMetricsFrom(read: () => Promise<MetricsReading>): void;
  /** Resolves when the worker must stop; until it is called, that ends the process at once. */
  asked(): Promise<Ending>;
}

const supervisorLost = 'the supervisor is gone';

/**
 * Listens to the supervisor from the first moment on. Signals mean the same as its order: they come to every process of a
 * terminal, or of a service, and to one alone where somebody wants to see it replaced. Ending at once is the supervisor's.
 */
export function takeOrders(): Orders {
  let read = (): Promise<MetricsReading> => Promise.resolve([]);
  let ask: ((ending: Ending) => void) | null = null;
  let stopping = false;

  const tell = (news: News): void => {
    if (process.connected) process.send?.(news, () => undefined);
  };
  const stop = (ending: Ending): void => {
    if (stopping) return;
    if (ask === null) process.exit(ending.exitCode);
    stopping = true;
    ask(ending);
  };
  const leave = (signal: NodeJS.Signals): void => {
    tell({ kind: 'leaving' });
    stop({ why: signal, exitCode: 0 });
  };

  process.on('SIGINT', leave);
  process.on('SIGTERM', leave);
  process.on('message', (order: Order) => {
    if (order.kind === 'stop') stop({ why: order.signal, exitCode: 0 });
    else
      void read().then((reading) => {
        tell({ kind: 'metrics', id: order.id, reading });
      });
  });
  const { worker } = cluster;
  worker?.once('disconnect', () => {
    // Or Node would end the process here, with everything that is in flight, and call that a success.
    worker.exitedAfterDisconnect = true;
    stop({ why: supervisorLost, exitCode: 1 });
  });

  return {
    tell,
    readMetricsFrom(source) {
      read = source;
    },
    asked: () => new Promise((resolve) => (ask = resolve)),
  };
}
