import { Secret } from '../core/secret.ts';
import { isSecretName } from './secret-names.ts';

/** `client_secret_basic` is how a token is asked for, and no secret. */
const isWord = /^[a-z_]*$/;

/**
 * Every secret that settings hold, as text: what is of our type, and text under a secret's name in options of other
 * people's making. Of an address that has a password, the password as well, as written and as read.
 */
export function knownSecrets(settings: unknown): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<object>();
  const walk = (value: unknown, named: boolean): void => {
    if (value instanceof Secret) add(value.reveal());
    else if (typeof value === 'string' && named && !isWord.test(value)) add(value);
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return;
    seen.add(value);
    for (const [name, member] of Object.entries(value))
      walk(member, Array.isArray(value) ? named : isSecretName(name));
  };
  const add = (text: string): void => {
    const password = URL.canParse(text) ? new URL(text).password : '';
    if (password === '') {
      found.add(text);
      return;
    }
    found.add(password);
    try {
      found.add(decodeURIComponent(password));
    } catch {
      // It is as it is written.
    }
  };
  walk(settings, false);
  return [...found];
}
