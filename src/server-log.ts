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
  return pino({
    ...options,
    ...(readable ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } } : {}),
  });
}
