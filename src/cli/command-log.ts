import type { Log } from '../core/log.ts';

const complain = (_fields: object, message: string): void =>
  void process.stderr.write(`portcullis: ${message}\n`);
const nothing = (): void => undefined;

/** A command's answer is on standard output; what it must warn of goes to standard error, as sentences. */
export const commandLog: Log = { debug: nothing, info: nothing, warn: complain, error: complain };
