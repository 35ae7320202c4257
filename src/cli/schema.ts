import type { Command } from 'commander';
import { printSchemaSource } from '../graphql/print-schema.ts';
import { loadSettings } from './workplace.ts';
import { printLine } from './output.ts';

export function addSchemaCommands(program: Command): void {
  const schema = program.command('schema').description('the GraphQL schema that the server answers');
  schema
    .command('print')
    .description('print it as SDL, sorted')
    .action(async (_options: object, command: Command) => {
      const settings = await loadSettings(command);
      printLine(printSchemaSource(settings.modules).trimEnd());
    });
}
