import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OperatorError } from '../core/errors.ts';
import { newToken } from '../core/ids.ts';
import { Secret } from '../core/secret.ts';
import { shortestSecret, type Settings } from './settings.ts';

/**
 * The secrets that a server runs on. Where none are configured, development makes one once and keeps it in the data
 * directory, so that a restart breaks no open form; production refuses to start.
 */
export function loadSecrets({
  secrets,
  mode,
  dataDir,
}: Pick<Settings, 'secrets' | 'mode' | 'dataDir'>): readonly Secret[] {
  if (secrets !== null) return secrets;
  if (mode === 'production') {
    throw new OperatorError(
      'secrets (SECRETS): production needs at least one secret of 32 characters or more. ' +
        "Make one with: node -p \"require('crypto').randomBytes(32).toString('base64url')\"",
    );
  }
  const file = join(dataDir, 'secret');
  try {
    makeOnce(file);
  } catch (cause) {
    throw new OperatorError(
      `The data directory ${dataDir} can't be written: give another one with DATA_DIR.`,
      cause,
    );
  }
  const kept = readFileSync(file, 'utf8').trim();
  // A power cut can leave an empty file behind, and everybody could make the keys of an empty secret.
  if (kept.length < shortestSecret) {
    throw new OperatorError(`The secret in ${file} was cut short. Delete the file, and a new one is made.`);
  }
  return [new Secret(kept)];
}

/** A link appears whole or not at all: of two processes that start together, one makes the secret and both read it. */
function makeOnce(file: string): void {
  const draft = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(draft, newToken(), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
