import { recordStrayErrors } from '../authenticators/stray-errors.ts';
import type { Settings } from '../config/settings.ts';
import { createServerLog } from '../server-log.ts';
import { openServer } from '../server.ts';
import { describeOpened, endAtLast, listen } from '../workers/run-server.ts';
import { spawnWorker } from '../workers/spawn-worker.ts';
import { supervise } from '../workers/supervise.ts';
import { announce } from './announce.ts';
import { exitCodes } from './exit-codes.ts';
import { complain } from './report-failure.ts';
import type { takeSignals } from './take-signals.ts';

type Signals = ReturnType<typeof takeSignals>;

/** One process that answers everything. Resolves with the exit code when it was told to end and has. */
export async function serveAlone(settings: Settings, signals: Signals): Promise<number> {
  const log = createServerLog(settings);
  const portcullis = await openServer(settings, { log });
  const listening = await listen(portcullis);
  // From here on only: what goes astray before must keep the server from starting.
  recordStrayErrors(log, process);
  announce(settings, describeOpened(portcullis, listening), listening.metricsPort);
  const signal = await signals.asked();
  log.info({ event: 'server.stopping', signal }, 'Finishing what is in flight.');
  endAtLast(settings.shutdown.within, log);
  await portcullis.close();
  log.info({ event: 'server.stopped' }, 'Everything is closed.');
  return exitCodes.ok;
}

/** Several processes, and this one that looks after them. */
export async function serveTogether(
  settings: Settings,
  signals: Signals,
  configFile: string | null,
): Promise<number> {
  const entry = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
  return supervise({
    settings,
    signals,
    spawn: (place) => spawnWorker(entry, configFile, place),
    announce: (opened, metricsPort) => {
      announce(settings, opened, metricsPort);
    },
    complain,
    exitCodes,
    log: createServerLog(settings),
  });
}
