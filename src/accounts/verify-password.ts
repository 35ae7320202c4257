import type { Log } from '../core/log.ts';
import type { UserRepository, UserRow } from '../store/contract/users.ts';
import type { Hasher } from './hashing/hasher.ts';
import { parseTypedUsername } from './new-account.ts';
import { parsePassword, type Password } from './password.ts';

interface Needs {
  readonly users: Pick<UserRepository, 'findByUsername' | 'passwordOf' | 'upgradeHash'>;
  readonly hasher: Pick<Hasher, 'hash' | 'verify' | 'isOutdated'>;
  readonly log: Log;
}

/** No account has it: asked for where there is none, so that an unknown name costs the same statements. */
const nobody = '00000000-0000-7000-8000-000000000000';

export function createPasswordVerifier({ users, hasher, log }: Needs) {
  /** A weak hash is replaced while the password is at hand. The login stands whether or not that works. */
  async function upgrade(user: UserRow, stored: string, password: Password): Promise<void> {
    try {
      await users.upgradeHash(user.id, stored, await hasher.hash(password));
    } catch (error) {
      log.warn({ event: 'password.upgrade-failed', user: user.id, error }, 'A hash could not be upgraded.');
    }
  }

  return async function verifyPassword(typedName: string, typed: string): Promise<UserRow | null> {
    const password = parsePassword(typed);
    if (password === null) return null;
    const username = parseTypedUsername(typedName);
    const user = username === null ? null : await users.findByUsername(username);
    const stored = await users.passwordOf(user?.id ?? nobody);
    const verification = await hasher.verify(stored, password);

    if (verification === 'unusable') {
      const fields = { event: 'password.unusable-hash', user: user?.id };
      log.error(fields, 'A stored password hash is malformed or too expensive. Set a new password.');
    }
    if (verification !== 'match' || user === null || stored === null) return null;
    if (hasher.isOutdated(stored)) await upgrade(user, stored, password);
    return user;
  };
}
