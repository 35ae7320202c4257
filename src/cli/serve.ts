import { constants } from 'node:os';
import type { Command } from 'commander';
import { recordStrayErrors } from '../authenticators/stray-errors.ts';
import type { Settings } from '../config/settings.ts';
import { OperatorError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { PolicySnapshot } from '../policy/snapshot.ts';
import { createServerLog } from '../server-log.ts';
import { type Listening, openServer, type Portcullis } from '../server.ts';
import { printLine } from './output.ts';
import { loadSettings } from './workplace.ts';

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the server')
    .action(async (_options: object, command: Command) => {
      const signals = takeSignals();
      const settings = await loadSettings(command);
      const log = createServerLog(settings);
      const portcullis = await openServer(settings, { log });
      const listening = await listen(portcullis);
      // From here on only: what goes astray before must keep the server from starting.
      recordStrayErrors(log, process);
      announce(settings, portcullis.policy.current(), listening);
      const signal = await signals.asked();
      log.info({ event: 'server.stopping', signal }, 'Finishing what is in flight.');
      endAtLast(settings.shutdown.within, log);
      await portcullis.close();
      log.info({ event: 'server.stopped' }, 'Everything is closed.');
      // A timer of somebody's resolver or authenticator must not keep a server that is closed.
      process.exit();
    });
}

async function listen(portcullis: Portcullis): Promise<Listening> {
  try {
    return await portcullis.listen();
  } catch (error) {
    await portcullis.close();
    const { code } = error as NodeJS.ErrnoException;
    const { host, port } = portcullis.settings;
    if (code === 'EADDRINUSE') {
      throw new OperatorError(
        `Port ${port} of ${host} is taken. Stop what listens there, or give another PORT.`,
        error,
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new OperatorError(
        `${host}:${port} can't be listened on (${code}). Give another HOST or PORT.`,
        error,
      );
    }
    throw error;
  }
}

function announce(settings: Settings, policy: PolicySnapshot, { setupUrl, metricsPort }: Listening): void {
  const at = (path: string): string => new URL(path, settings.publicUrl).href;
  const { covered, total } = policy.coverage;
  const rows: readonly (readonly [string, string])[] = [
    ['Log in', at('/login')],
    ...(setupUrl === null
      ? []
      : [
          [
            'First administrator',
            `${setupUrl.href}\n${' '.repeat(23)}(works once, within 24 hours)`,
          ] as const,
        ]),
    ...(settings.mode === 'development' ? [['GraphiQL', at('/graphiql')] as const] : []),
    ...(metricsPort === null
      ? []
      : [['Metrics', `http://${settings.metrics.host}:${metricsPort}/metrics`] as const]),
    ['Policy', `${policy.version}: ${policy.rows.rules.length} rules cover ${covered} of ${total} fields`],
  ];
  printLine('\nPortcullis is ready.\n');
  for (const [name, value] of rows) printLine(`  ${name.padEnd(21)}${value}`);
  printLine();
}

/**
 * What SIGINT and SIGTERM mean: once the server runs, the first one asks it to stop. While it starts, and when it was asked
 * already, either ends the process at once. The system alone would not end one that is the first of its container.
 */
function takeSignals(): { asked(): Promise<NodeJS.Signals> } {
  let ask: ((signal: NodeJS.Signals) => void) | null = null;
  const take = (signal: NodeJS.Signals): void => {
    if (ask === null) process.exit(128 + constants.signals[signal]);
    ask(signal);
    ask = null;
  };
  process.on('SIGINT', take);
  process.on('SIGTERM', take);
  return { asked: () => new Promise((resolve) => (ask = resolve)) };
}

/** Whatever does not close in time is left open: a supervisor would end the process soon, and say nothing of why. */
function endAtLast(afterMs: number, log: Log): void {
  setTimeout(() => {
    log.error(
      { event: 'server.cut', afterMs },
      'Not everything could be closed in time: ended all the same.',
    );
    process.exit(1);
  }, afterMs).unref();
}
