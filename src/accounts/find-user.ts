import { PortcullisError } from '../core/errors.ts';
import type { UserRepository, UserRow } from '../store/contract/users.ts';
import { parseTypedUsername } from './new-account.ts';

type Users = Pick<UserRepository, 'find' | 'findByUsername'>;

/** In any spelling; `null` where nobody has that name. */
export async function findUserByName(users: Users, typed: string): Promise<UserRow | null> {
  const username = parseTypedUsername(typed);
  return username === null ? null : await users.findByUsername(username);
}

/** NOT_FOUND where nobody has that name. */
export async function loadUserByName(users: Users, typed: string): Promise<UserRow> {
  const user = await findUserByName(users, typed);
  if (user !== null) return user;
  throw new PortcullisError('NOT_FOUND', { message: 'No account has that username. Check its spelling.' });
}

/** NOT_FOUND where there is no such account, any more or ever. */
export async function loadUser(users: Users, id: string): Promise<UserRow> {
  const user = await users.find(id);
  if (user !== null) return user;
  throw new PortcullisError('NOT_FOUND', { message: 'There is no such account. It may have been deleted.' });
}
