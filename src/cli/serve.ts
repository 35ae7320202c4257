import type { Command } from 'commander';
import { recordStrayErrors } from '../authenticators/stray-errors.ts';
import type { Settings } from '../config/settings.ts';
import { OperatorError } from '../core/errors.ts';
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
      const settings = await loadSettings(command);
      const log = createServerLog(settings);
      const portcullis = await openServer(settings, { log });
      const listening = await listen(portcullis);
      // From here on only: what goes astray before must keep the server from starting.
      recordStrayErrors(log, process);
      announce(settings, portcullis.policy.current(), listening);
      await untilAskedToStop();
      log.info({ event: 'server.stopping' }, 'Finishing what is in flight.');
      await portcullis.close();
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

function announce(settings: Settings, policy: PolicySnapshot, { setupUrl }: Listening): void {
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
    ['Policy', `${policy.version}: ${policy.rows.rules.length} rules cover ${covered} of ${total} fields`],
  ];
  printLine('\nPortcullis is ready.\n');
  for (const [name, value] of rows) printLine(`  ${name.padEnd(21)}${value}`);
  printLine();
}

/** The first SIGINT or SIGTERM asks; a second one of the same kind ends the process as the system does. */
const untilAskedToStop = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
