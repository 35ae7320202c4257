import { availableParallelism } from 'node:os';
import type { Settings } from '../config/settings.ts';
import { systemClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { defaultDeadlines, leaseOf } from '../store/deadlines.ts';
import { type EmbeddedDatabase, openEmbedded } from '../store/embedded/open-embedded.ts';
import { createMetricsListener, type MetricsListener } from '../telemetry/metrics-listener.ts';
import { createProcessReader } from '../telemetry/merge-readings.ts';
import { createCrew, type CrewFailure, type CrewNeeds } from './crew.ts';
import { createMetricsGathering, type MetricsGathering } from './gather-metrics.ts';
import type { Opened } from './messages.ts';
import { endAtLast } from './run-server.ts';

export interface SupervisorNeeds extends Pick<CrewNeeds, 'spawn' | 'exitCodes'> {
  readonly settings: Settings;
  readonly signals: { asked(): Promise<NodeJS.Signals> };
  /** Called once, when every worker takes requests. */
  readonly announce: (opened: Opened, metricsPort: number | null) => void;
  /** Called with why it can't go on, before the workers are stopped. */
  readonly complain: (sentence: string) => void;
  readonly log: Log;
}

/**
 * The supervisor: starts the workers and ends with them, holds the embedded database, so that no worker takes it along, and
 * serves the metrics of all. It answers no request itself. Resolves with the exit code.
 * @throws OperatorError where something must be mended first
 */
export async function supervise(needs: SupervisorNeeds): Promise<number> {
  const { settings, signals, announce, complain, exitCodes, log } = needs;
  const database = await holdDatabase(settings, log);
  const gathering = settings.metrics.port === null ? null : createMetricsGathering(createProcessReader());
  const metrics = metricsOf(settings, gathering, log);
  const crew = createCrew({
    size: settings.workers,
    spawn: (place) => {
      const worker = needs.spawn(place);
      return gathering?.watch(worker) ?? worker;
    },
    exitCodes,
    clock: systemClock,
    log,
  });
  // However this process ends: a worker that it left behind would still have the port.
  process.on('exit', () => {
    crew.kill();
  });

  const stop = async (signal: string, codeWhereWell: number): Promise<number> => {
    log.info({ event: 'server.stopping', signal }, 'Finishing what is in flight.');
    endAtLast(settings.shutdown.within, log, codeWhereWell === 0 ? 1 : codeWhereWell);
    const well = await crew.stop(signal);
    await metrics?.close();
    await database?.close();
    log.info({ event: 'server.stopped' }, 'Everything is closed.');
    return well || codeWhereWell !== 0 ? codeWhereWell : 1;
  };
  const giveUp = ({ exitCode, complaint }: CrewFailure): Promise<number> => {
    if (complaint !== null) complain(complaint);
    return stop('none: the supervisor gives up', exitCode);
  };

  warnOfMany(settings.workers, log);
  let metricsPort: number | null;
  try {
    metricsPort = (await metrics?.listen())?.port ?? null;
  } catch (error) {
    await database?.close();
    throw error;
  }
  const failed = Promise.race([
    crew.failed,
    ...(database === null ? [] : [lossOf(database, exitCodes.internal)]),
  ]);
  const opened = await Promise.race([crew.start(), failed]);
  if ('exitCode' in opened) return giveUp(opened);
  announce(opened, metricsPort);
  const ending = await Promise.race([signals.asked(), failed]);
  return typeof ending === 'string' ? stop(ending, 0) : giveUp(ending);
}

/** `null` with PostgreSQL, where each worker has connections of its own. */
const holdDatabase = async (settings: Settings, log: Log): Promise<EmbeddedDatabase | null> =>
  settings.databaseUrl !== null
    ? null
    : openEmbedded({ dataDir: settings.dataDir, attach: false, leaseMs: leaseOf(defaultDeadlines), log });

const lossOf = async ({ lost }: EmbeddedDatabase, exitCode: number): Promise<CrewFailure> => {
  await lost;
  return {
    exitCode,
    complaint:
      'The embedded database has ended, and every worker with it. The log says why (database.crashed). Start again.',
  };
};

function metricsOf(
  { metrics: { host, port } }: Settings,
  gathering: MetricsGathering | null,
  log: Log,
): MetricsListener | null {
  if (port === null || gathering === null) return null;
  return createMetricsListener({ host, port, render: gathering.render, log });
}

function warnOfMany(workers: number, log: Log): void {
  const cores = availableParallelism();
  if (workers <= cores) return;
  log.warn(
    { event: 'workers.many', workers, cores },
    `${workers} workers share ${cores} ${cores === 1 ? 'core' : 'cores'}: more than there are cores answer no more requests.`,
  );
}
