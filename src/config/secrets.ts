import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../core/errors.ts';
import { newToken } from '../core/ids.ts';
import { Secret } from '../core/secret.ts';

/**
 * The secrets of a server that was given none. In development they are made once and kept in the data directory, so
 * that a restart logs nobody out; production refuses to start.
 */
export function developmentSecrets(mode: 'development' | 'production', dataDir: string): Secret[] {
  if (mode === 'production') {
    throw new OperatorError(
      'secrets (SECRETS): production needs at least one secret of 32 characters or more. ' +
        "Make one with: node -p \"require('crypto').randomBytes(32).toString('base64url')\"",
    );
  }
  const file = join(dataDir, 'secret');
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(draft, newToken(), { mode: 0o600 });
    // A link appears whole or not at all: of two processes that start together, one makes the secret and both read it.
    linkSync(draft, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new OperatorError(
        `The data directory ${dataDir} can't be written: give another one with DATA_DIR.`,
        cause,
      );
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return [new Secret(readFileSync(file, 'utf8').trim())];
}
