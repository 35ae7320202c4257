import { OperatorError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Listening, Portcullis } from '../server.ts';
import type { Opened } from './messages.ts';

/**
 * Lets a server that was opened take requests. It is closed where it can't.
 * @throws OperatorError where its address can't be listened on
 */
export async function listen(portcullis: Portcullis): Promise<Listening> {
  try {
    return await portcullis.listen();
  } catch (error) {
    await portcullis.close();
    const { code } = error as NodeJS.ErrnoException;
    const { host, port } = portcullis.settings;
    if (code === 'EADDRINUSE') {
      throw new OperatorError(
        `Port ${port} of ${host} is taken. Stop what listens there, or give another PORT.`,
        error,
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new OperatorError(
        `${host}:${port} can't be listened on (${code}). Give another HOST or PORT.`,
        error,
      );
    }
    throw error;
  }
}

/** What there is to tell of a server that takes requests. */
export function describeOpened({ policy }: Portcullis, { setupUrl }: Listening): Opened {
  const { version, rows, coverage } = policy.current();
  const { covered, total } = coverage;
  return { setupUrl: setupUrl?.href ?? null, policy: { version, rules: rows.rules.length, covered, total } };
}

/** Whatever does not close in time is left open: whoever supervises the process would end it soon, and say nothing of why. */
export function endAtLast(afterMs: number, log: Log, exitCode = 1): void {
  setTimeout(() => {
    log.error(
      { event: 'server.cut', afterMs },
      'Not everything could be closed in time: ended all the same.',
    );
    process.exit(exitCode);
  }, afterMs).unref();
}
