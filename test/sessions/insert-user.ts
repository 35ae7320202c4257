import { newId } from '../../src/core/ids.ts';
import { parseUsername } from '../../src/core/names.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { UserRow } from '../../src/store/contract/users.ts';
import type { Store } from '../../src/store/store.ts';

/** An account without a password, straight into the store. */
export async function insertUser(store: Store, clock: Clock, name: string): Promise<UserRow> {
  const username = parseUsername(name)!;
  const id = newId(clock);
  await store.users.insert({
    id,
    username,
    name,
    attributes: {},
    createdAt: clock.now(),
    emails: [],
    passwordHash: null,
  });
  return (await store.users.find(id))!;
}
