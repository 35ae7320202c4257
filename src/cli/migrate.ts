import type { Command } from 'commander';
import { silentLog } from '../core/log.ts';
import { migrate } from '../store/migrate.ts';
import { type OutputOptions, printOutcome } from './output.ts';
import { loadSettings } from './workplace.ts';

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database to the present schema (serve does it too, at its start)')
    .option('--json', 'print JSON')
    .action(async (options: OutputOptions, command: Command) => {
      const { databaseUrl, dataDir } = await loadSettings(command);
      const ran = await migrate({ databaseUrl, dataDir, log: silentLog });
      printOutcome(
        options,
        { migrations: ran },
        ran.length === 0 ? 'Nothing to do: the schema is up to date.' : `Ran ${ran.join(', ')}.`,
      );
    });
}
