import { type Command, InvalidArgumentError } from 'commander';
import { recordStrayErrors } from '../authenticators/stray-errors.ts';
import { mostWorkers, type Settings } from '../config/settings.ts';
import { createServerLog } from '../server-log.ts';
import { openServer } from '../server.ts';
import { describeOpened, endAtLast, listen } from '../workers/run-server.ts';
import { spawnWorker } from '../workers/spawn-worker.ts';
import { supervise } from '../workers/supervise.ts';
import { announce } from './announce.ts';
import { exitCodes } from './exit-codes.ts';
import { complain } from './report-failure.ts';
import { takeSignals } from './take-signals.ts';
import { configSource, loadSettings } from './workplace.ts';

type Signals = ReturnType<typeof takeSignals>;

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the server')
    .option(
      '--workers <count>',
      'how many processes answer requests (default: the setting workers)',
      parseWorkers,
    )
    .action(async (options: { workers?: number }, command: Command) => {
      const signals = takeSignals();
      const found = await loadSettings(command);
      const settings = { ...found, workers: options.workers ?? found.workers };
      const code =
        settings.workers === 1
          ? await serveAlone(settings, signals)
          : await serveTogether(settings, signals, configSource(command).file);
      // A timer of somebody's resolver or authenticator must not keep a server that is closed.
      process.exit(code);
    });
}

function parseWorkers(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > mostWorkers)
    throw new InvalidArgumentError(`Write a whole number from 1 to ${mostWorkers}.`);
  return count;
}

async function serveAlone(settings: Settings, signals: Signals): Promise<number> {
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

async function serveTogether(
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
