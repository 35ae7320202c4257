import { pino } from 'pino';
import type { Log } from './core/log.ts';
import type { Settings } from './config/settings.ts';

/** Members that hold what must not be read in a log, wherever somebody puts them by mistake. */
const redacted = ['password', 'credentials', 'secret', 'token', 'cookie', 'authorization'];

/** The server's log: JSON lines in production, readable ones at a terminal. */
export function createServerLog({ mode, logLevel }: Pick<Settings, 'mode' | 'logLevel'>): Log {
  const readable = mode === 'development' && process.stdout.isTTY;
  return pino({
    level: logLevel,
    base: null,
    redact: { paths: redacted.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
    ...(readable ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } } : {}),
  });
}
