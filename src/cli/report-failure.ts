import { CommanderError } from 'commander';
import { OperatorError, PortcullisError } from '../core/errors.ts';
import { exitCodes } from './exit-codes.ts';

/** One line on standard error. */
export const complain = (line: string): void => void process.stderr.write(`portcullis: ${line}\n`);

/** One line for each thing to mend, without a stack; only a fault of ours shows one. Answers the exit code. */
export function reportFailure(error: unknown): number {
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
