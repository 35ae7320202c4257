import { type Command, InvalidArgumentError } from 'commander';
import { mostWorkers } from '../config/settings.ts';
import { takeSignals } from './take-signals.ts';
import { configSource, loadSettings } from './workplace.ts';

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
      // Not with the other commands, which would load a whole server at every start.
      const { serveAlone, serveTogether } = await import('./run-servers.ts');
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
