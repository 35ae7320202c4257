import { PortcullisError } from '../../core/errors.ts';
import type { Actor } from '../actor.ts';
import { loadUser } from '../find-user.ts';
import { givingAccount } from '../holdings.ts';
import { parseNewPassword } from '../password-rules.ts';
import type { ChangeNeeds } from './needs.ts';

/** Whoever sets somebody else's password can log in as them: it gives away all that the account holds. */
export async function setPassword(
  userId: string,
  typed: string,
  by: Actor,
  { administer, store, hasher, minLength, clock }: ChangeNeeds,
): Promise<void> {
  const owner = await loadUser(store.users, userId);
  const emails = (await store.users.emailsOf([userId])).get(userId) ?? [];
  const names = { username: owner.username, emails: emails.map(({ address }) => address) };
  const parsed = parseNewPassword(typed, names, minLength);
  if ('fault' in parsed) throw new PortcullisError('BAD_USER_INPUT', { message: parsed.fault });
  const hash = await hasher.hash(parsed.password);

  const intent = { event: 'account.password-set', accountId: userId } as const;
  const isOwn = by.origin.userId === userId;
  await administer(by, intent, async (ground) => {
    const user = await loadUser(ground.store.users, userId);
    const groups = (await ground.store.groups.groupsOf([userId])).get(userId) ?? [];
    return {
      gives: () => (isOwn ? [] : givingAccount(user, groups)),
      takes: false,
      async write(unit, record) {
        await unit.users.setPassword(userId, hash, clock.now(), { endSessions: true });
        record({ ...intent, origin: by.origin, details: { username: user.username } });
      },
    };
  });
}
