import type { Command } from 'commander';
import { renderReference } from '../config/reference.ts';
import { printJson, printLine } from './output.ts';
import { loadSettings } from './workplace.ts';

export function addConfigCommands(program: Command): void {
  const config = program.command('config').description('what the server runs on');
  config
    .command('show')
    .description('print the settings in force as JSON, secrets hidden')
    .action(async (_options: object, command: Command) => {
      const settings = await loadSettings(command);
      printJson({
        ...settings,
        authenticators: settings.authenticators.map(({ use }) => (typeof use === 'string' ? use : use.name)),
        modules: settings.modules.map(({ name }) => name),
      });
    });
  config
    .command('reference')
    .description('print every setting with its default, as Markdown')
    .action(() => printLine(renderReference().trimEnd()));
}
