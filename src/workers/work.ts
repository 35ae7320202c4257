import { recordStrayErrors } from '../authenticators/stray-errors.ts';
import type { Settings } from '../config/settings.ts';
import { createServerLog } from '../server-log.ts';
import { openServer } from '../server.ts';
import type { WorkerPlace } from '../core/worker-place.ts';
import { describeOpened, endAtLast, listen } from './run-server.ts';
import type { Orders } from './take-orders.ts';

/**
 * One worker: the server as it is everywhere, until it is asked to stop. Resolves with the exit code.
 * @throws OperatorError where something must be mended first
 */
export async function work(settings: Settings, place: WorkerPlace, orders: Orders): Promise<number> {
  const log = createServerLog({ ...settings, worker: place.worker });
  const portcullis = await openServer(settings, { log, place });
  const listening = await listen(portcullis);
  // From here on only: what goes astray before must keep the server from starting.
  recordStrayErrors(log, process);
  const asked = orders.asked();
  orders.readMetricsFrom(portcullis.readMetrics);
  orders.tell({ kind: 'ready', opened: describeOpened(portcullis, listening) });
  const { why, exitCode } = await asked;
  log[exitCode === 0 ? 'info' : 'error'](
    { event: 'server.stopping', signal: why },
    'Finishing what is in flight.',
  );
  endAtLast(settings.shutdown.within, log);
  await portcullis.close();
  log.info({ event: 'server.stopped' }, 'Everything is closed.');
  return exitCode;
}
