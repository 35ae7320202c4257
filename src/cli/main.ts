#!/usr/bin/env node
import { exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { reportFailure } from './report-failure.ts';

/** Runs one command. Answers the exit code; never throws. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(argv);
    return Number(process.exitCode ?? exitCodes.ok);
  } catch (error) {
    return reportFailure(error);
  }
}

process.exitCode = await main(process.argv);
