import { type DestinationStream, pino } from 'pino';
import type { Log } from './core/log.ts';
import type { Settings } from './config/settings.ts';
import { renderLoggedError } from './core/logged-error.ts';

/** Members that hold what must not be read in a log, wherever somebody puts them by mistake. */
const redacted = ['password', 'credentials', 'secret', 'token', 'cookie', 'authorization'];

/** Under both names that errors are logged by; pino's own serializer tells every member of an error. */
const serializers = {
  err: (error: unknown) => renderLoggedError(error),
  error: (error: unknown) => renderLoggedError(error),
};

/** The server's log: JSON lines in production, readable ones at a terminal. It goes to standard output, or where it is told. */
export function createServerLog(
  { mode, logLevel }: Pick<Settings, 'mode' | 'logLevel'>,
  destination?: DestinationStream,
): Log {
  const options = {
    level: logLevel,
    base: null,
    serializers,
    redact: { paths: redacted.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
  };
  if (destination !== undefined) return pino(options, destination);
  const readable = mode === 'development' && process.stdout.isTTY;
  return pino({
    ...options,
    ...(readable ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } } : {}),
  });
}
