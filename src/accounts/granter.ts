import { PortcullisError } from '../core/errors.ts';
import type { Granter } from '../policy/snapshot.ts';
import type { Store } from '../store/store.ts';
import type { Authority } from './actor.ts';

/**
 * The granter as they are now: how they were proved is their session's, who they are is read anew. UNAUTHENTICATED where
 * the account was suspended or deleted since the request began.
 */
export async function loadGranter(
  { principal, environment }: Authority,
  { users, groups }: Pick<Store, 'users' | 'groups'>,
): Promise<Granter> {
  const user = await users.find(principal.id);
  if (user?.status !== 'active') {
    throw new PortcullisError('UNAUTHENTICATED', {
      detail: 'The account of the actor is not active any more.',
    });
  }
  const names = (await groups.groupsOf([user.id])).get(user.id) ?? [];
  return {
    environment,
    principal: {
      ...principal,
      subject: `user:${user.username}`,
      username: user.username,
      groups: names.map((name) => `group:${name}` as const),
      attributes: user.attributes,
    },
  };
}
