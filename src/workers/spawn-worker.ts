import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import type { News, WorkerProcess } from './messages.ts';
import type { WorkerPlace } from '../core/worker-place.ts';

/**
 * Starts a worker's process, which shares every address it listens on with the others. Its arguments are its place and the
 * configuration file; whatever is secret it finds where the supervisor did, in that file and the environment.
 */
export function spawnWorker(entry: URL, configFile: string | null, place: WorkerPlace): WorkerProcess {
  // The supervisor hands connections out in turn: left to themselves, processes take very unequal shares.
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({
    exec: fileURLToPath(entry),
    args: [
      `--worker=${place.worker}`,
      ...(place.replaces ? ['--replaces'] : []),
      ...(configFile === null ? [] : [`--config=${configFile}`]),
    ],
  });
  const worker = cluster.fork();
  return {
    pid: worker.process.pid,
    tell(order) {
      // Whoever can't be told any more has ended, or is about to.
      if (worker.isConnected()) worker.send(order, () => undefined);
    },
    kill: () => void worker.process.kill('SIGKILL'),
    onNews: (listener) => void worker.on('message', (news: News) => listener(news)),
    onExit(listener) {
      worker.once('exit', (code: number | null, signal: string | null) => {
        listener(code, signal as NodeJS.Signals | null);
      });
      worker.on('error', () => {
        if (worker.process.pid === undefined) listener(null, null);
      });
    },
  };
}
