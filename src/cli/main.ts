#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { OperatorError, PortcullisError } from '../core/errors.ts';
import { addConfigCommands } from './config.ts';
import { exitCodes } from './exit-codes.ts';
import { addGroupCommands } from './group.ts';
import { addMigrateCommand } from './migrate.ts';
import { addPolicyCommands } from './policy.ts';
import { addSchemaCommands } from './schema.ts';
import { addServeCommand } from './serve.ts';
import { addUserCommands } from './user.ts';

/** The `portcullis` command. Answers the exit code; never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('portcullis')
    .description('A policy-driven authorization engine with pluggable authenticators.')
    .option(
      '-c, --config <file>',
      'configuration file (default: portcullis.config.ts or .js, where there is one)',
    )
    .exitOverride()
    .configureHelp({ sortSubcommands: false })
    .showHelpAfterError('(add --help for what this command takes)');
  for (const add of [
    addServeCommand,
    addMigrateCommand,
    addUserCommands,
    addGroupCommands,
    addPolicyCommands,
    addSchemaCommands,
    addConfigCommands,
  ]) {
    add(program);
  }
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? exitCodes.ok);
  } catch (error) {
    return reportFailure(error);
  }
}

/** One line for each thing to mend, without a stack; only a fault of ours shows one. */
function reportFailure(error: unknown): number {
  const complain = (line: string): void => void process.stderr.write(`portcullis: ${line}\n`);
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.input;
  if (error instanceof OperatorError) {
    error.faults.forEach(complain);
    return exitCodes.operator;
  }
  if (error instanceof PortcullisError) {
    complain(error.detail === undefined ? error.message : `${error.message} (${error.detail})`);
    return error.status < 500 ? exitCodes.input : exitCodes.operator;
  }
  complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCodes.internal;
}

process.exitCode = await main(process.argv);
