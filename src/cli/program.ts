import { Command } from 'commander';
import { addAuditCommands } from './audit.ts';
import { addConfigCommands } from './config.ts';
import { addDoctorCommand } from './doctor.ts';
import { addGrantCommands } from './grant.ts';
import { addGroupCommands } from './group.ts';
import { addMigrateCommand } from './migrate.ts';
import { addPolicyCommands } from './policy.ts';
import { addSchemaCommands } from './schema.ts';
import { addServeCommand } from './serve.ts';
import { addSessionCommands } from './session.ts';
import { addUserCommands } from './user.ts';

/** The `portcullis` command with everything under it. Wrong usage throws CommanderError instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('portcullis')
    .description('A policy-driven authorization engine with pluggable authenticators.')
    .option(
      '-c, --config <file>',
      'configuration file (default: portcullis.config.ts or .js, where there is one)',
    )
    .exitOverride()
    .showHelpAfterError('(add --help for what this command takes)');
  for (const add of [
    addServeCommand,
    addDoctorCommand,
    addMigrateCommand,
    addUserCommands,
    addGroupCommands,
    addGrantCommands,
    addSessionCommands,
    addPolicyCommands,
    addAuditCommands,
    addSchemaCommands,
    addConfigCommands,
  ]) {
    add(program);
  }
  return program;
}
