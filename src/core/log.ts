/** What the rooms may say to the log: fields first, then a sentence. The server hands in pino. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const nothing = (): void => undefined;

/** Says nothing: for commands whose output is the answer itself, and for tests. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
