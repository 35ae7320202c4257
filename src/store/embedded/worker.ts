import { parentPort, workerData } from 'node:worker_threads';
import { openBackend } from './backend.ts';
import { takeDirectoryLock } from './directory-lock.ts';
import { createFront } from './front.ts';

/** What the main thread hands in. Paths are absolute, milliseconds throughout. */
export interface WorkerInput {
  readonly socketFolder: string;
  readonly databaseFolder: string;
  readonly leaseMs: number;
  /** How long to wait at the end for clients of other processes. */
  readonly drainMs: number;
}

/** What the worker tells. `held`: another process has the directory. */
export type WorkerNews =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'held' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'crashed'; readonly error: unknown }
  | { readonly kind: 'lease-ended'; readonly leaseMs: number };

const input = workerData as WorkerInput;
const tell = (news: WorkerNews): void => parentPort?.postMessage(news);

/** First the lock, then the database, then clients; back in reverse. */
async function serve(): Promise<void> {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let run: (unit: Uint8Array) => Uint8Array = () => new Uint8Array();
  const front = createFront({
    leaseMs: input.leaseMs,
    run: (unit) => run(unit),
    opened,
    onLeaseEnd: (leaseMs) => tell({ kind: 'lease-ended', leaseMs }),
    onCrash(error) {
      tell({ kind: 'crashed', error });
      process.exit(1);
    },
  });
  const lock = await takeDirectoryLock(input.socketFolder, (socket) => front.accept(socket));
  if (lock === null) {
    tell({ kind: 'held' });
    process.exit(0);
  }
  const backend = await openBackend(input.databaseFolder);
  run = (unit) => backend.run(unit);
  open();
  tell({ kind: 'ready', port: lock.port });

  parentPort?.once('message', () => {
    void front
      .drain(input.drainMs)
      .then(() => backend.close())
      .finally(() => {
        // The lock goes last, when nothing can be written any more.
        lock.server.close();
        process.exit(0);
      });
  });
}

serve().catch((error: unknown) => {
  tell({ kind: 'failed', error });
  process.exit(1);
});
