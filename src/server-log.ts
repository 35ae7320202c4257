import { type DestinationStream, pino } from 'pino';
import type { Settings } from './config/settings.ts';
import type { Log } from './core/log.ts';
import { knownSecrets } from './logging/known-secrets.ts';
import { createRenderFields } from './logging/render-fields.ts';
import { createRenderText } from './logging/render-text.ts';

type LogSettings = Pick<Settings, 'mode' | 'logLevel'> & Partial<Settings> & { readonly worker?: number };
const levels = ['debug', 'info', 'warn', 'error'] as const;

/**
 * The server's log: JSON lines in production, readable ones at a terminal. It goes to standard output, or where it is told.
 * Whatever is said, one record is one line, and no secret is in it that we know of or could tell by its name or look.
 * Of several workers each says in every record which one it is, by its number.
 */
export function createServerLog(settings: LogSettings, destination?: DestinationStream): Log {
  const renderText = createRenderText(knownSecrets(settings));
  const renderFields = createRenderFields(renderText);
  const writer = openWriter(settings, destination);
  const [debug, info, warn, error] = levels.map((level) => (fields: object, message: string): void => {
    if (writer.isLevelEnabled(level)) writer[level](renderFields(fields), renderText(message));
  }) as [Log['debug'], Log['info'], Log['warn'], Log['error']];
  return { debug, info, warn, error };
}

function openWriter({ mode, logLevel, worker }: LogSettings, destination: DestinationStream | undefined) {
  // Errors are rendered by then, and pino's own serializer would begin anew.
  const options = {
    level: logLevel,
    base: worker === undefined ? null : { worker },
    serializers: { err: (rendered: unknown) => rendered },
  };
  if (destination !== undefined) return pino(options, destination);
  const readable = mode === 'development' && process.stdout.isTTY;
  return readable
    ? pino({ ...options, transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } })
    : pino(options, standardOutput());
}

/** Whole lines, written together where many come: a call of the system for each would cost as much as the rest of a record. */
const gathered = {
  /** The most bytes of a write. So many arrive in one piece in a pipe that several processes write to (POSIX, write). */
  most: 4_096,
  /** Milliseconds that a line waits at most. */
  wait: 100,
};

let output: DestinationStream | null = null;

/** Standard output is one, however many servers a process has. */
const standardOutput = (): DestinationStream => (output ??= gatherLines());

/**
 * A warning does not wait, and takes along what came before; a process that ends by itself writes what it still has. A reader
 * that has stopped stops no request, and a full disk neither the server nor its end.
 */
function gatherLines(): DestinationStream {
  const { most, wait } = gathered;
  const stream = pino.destination({ dest: 1, sync: false, maxWrite: most });
  let lines = '';
  let bytes = 0;
  let timer: NodeJS.Timeout | null = null;
  let failing = false;
  let ended = false;
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (lines !== '' && !ended) stream.write(lines);
    lines = '';
    bytes = 0;
  };
  // What could not be written is tried again with the next lines.
  stream.on('error', () => {
    failing = true;
  });
  stream.on('drain', () => {
    failing = false;
  });
  stream.on('close', () => {
    ended = true;
  });
  const end = (): void => {
    flush();
    if (!failing || ended) return;
    // The stream's own end would try for ever.
    ended = true;
    stream.destroy();
  };
  process.prependListener('beforeExit', end);
  process.prependListener('exit', end);
  return {
    write(line) {
      const size = Buffer.byteLength(line);
      if (bytes + size > most) flush();
      lines += line;
      bytes += size;
      if (urgent.test(line)) flush();
      else timer ??= setTimeout(flush, wait).unref();
    },
  };
}

/** A line of pino's begins with its level: 40 is a warning. */
const urgent = /^\{"level":[4-9]/;
