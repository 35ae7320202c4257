import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadSecrets } from '../../config/secrets.ts';
import { shortestSecret } from '../../config/settings.ts';
import { OperatorError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import type { Check } from '../check.ts';
import { good, problem, problemsOf, type Verdict, warning } from '../verdict.ts';

export const secrets: Check = {
  name: 'secrets',
  title: 'Secrets',
  reason: 'Whoever has or guesses a secret makes cookies that we believe.',
  needs: ['secrets', 'mode', 'dataDir'],
  inspect({ settings }) {
    if (settings.secrets !== null) return inspectConfigured(settings.secrets);
    if (settings.mode === 'development') return [inspectKept(join(settings.dataDir, 'secret'))];
    try {
      loadSecrets(settings);
    } catch (error) {
      if (error instanceof OperatorError) return problemsOf(error);
      throw error;
    }
    throw new Error('production without secrets is refused');
  },
};

/** Fewer different characters than this, and somebody typed it: 32 random ones of base64url have 25 or so. */
const fewestCharacters = 12;

function inspectConfigured(given: readonly Secret[]): readonly Verdict[] {
  const typed = given.filter((secret) => new Set(secret.reveal()).size < fewestCharacters).length;
  return [
    good(
      given.length === 1
        ? 'One secret is configured.'
        : `${given.length} secrets are configured: the first encrypts, all decrypt.`,
    ),
    ...(typed === 0
      ? []
      : [
          warning(
            `${typed === 1 ? 'One secret looks' : `${typed} secrets look`} as if typed by hand: it could be guessed.`,
            "Make one with: node -p \"require('crypto').randomBytes(32).toString('base64url')\"",
          ),
        ]),
  ];
}

/** What development keeps for itself. It is not made here: the doctor changes nothing. */
function inspectKept(file: string): Verdict {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return good('None is configured; development makes one at its first start.');
  if ((found.mode & 0o077) !== 0) {
    return warning(`${file} can be read by others on this machine.`, `chmod 600 ${file}`);
  }
  try {
    if (readFileSync(file, 'utf8').trim().length >= shortestSecret) {
      return good(`None is configured; development uses its own, ${file}.`);
    }
    return problem(`The secret in ${file} was cut short.`, 'Delete the file, and a new one is made.');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return problem(`${file} can't be read: ${reason}.`, 'Let whoever runs the server own it.');
  }
}
