import { PortcullisError } from '../core/errors.ts';
import { anonymous, type Principal } from '../core/principal.ts';
import type { Workplace } from './workplace.ts';

/**
 * The principal that a command names: `anonymous`, or `user:<name>` as if they had just logged in the strongest way
 * this server knows. NOT_FOUND where no account has the name, BAD_USER_INPUT where it is suspended.
 */
export async function loadPrincipal(
  { accounts, authenticators, store, clock, provable }: Workplace,
  name: string,
): Promise<Principal> {
  if (name === 'anonymous') return anonymous;
  if (!name.startsWith('user:')) {
    throw new PortcullisError('BAD_USER_INPUT', {
      message: `Write user:<name> or anonymous, not "${name}".`,
    });
  }
  const user = await accounts.byUsername(name.slice('user:'.length));
  if (user.status === 'suspended') {
    throw new PortcullisError('BAD_USER_INPUT', {
      message: `${name} is suspended and acts as nobody. Ask about anonymous, or reactivate the account first.`,
    });
  }
  const groups = (await store.groups.groupsOf([user.id])).get(user.id) ?? [];
  return {
    kind: 'user',
    subject: `user:${user.username}`,
    id: user.id,
    username: user.username,
    groups: groups.map((group) => `group:${group}` as const),
    attributes: user.attributes,
    authentication: {
      authenticator: [...authenticators.keys()][0] ?? '',
      amr: provable.amr,
      aal: provable.aal,
      authTime: clock.now(),
    },
  };
}
