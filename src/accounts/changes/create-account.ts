import type { UserRow } from '../../store/contract/users.ts';
import type { NewAccount } from '../accounts.ts';
import type { Actor } from '../actor.ts';
import { givingAccount } from '../holdings.ts';
import { insertAccount, prepareAccount } from '../new-account.ts';
import type { ChangeNeeds } from './needs.ts';

/** A new account. One of a plain name and in no group has what everybody with an account has: that is nobody's to lack. */
export async function createAccount(
  account: NewAccount,
  by: Actor,
  { administer, ...needs }: ChangeNeeds,
): Promise<UserRow> {
  const prepared = await prepareAccount(account, needs);
  const { user, groups } = prepared;
  const intent = {
    event: 'account.created',
    accountId: null,
    details: { username: user.username, groups },
  } as const;
  return administer(by, intent, ({ snapshot }) => {
    const isPlain =
      groups.length === 0 &&
      Object.keys(user.attributes).length === 0 &&
      !snapshot.namedUsers.has(user.username);
    return Promise.resolve({
      gives: () => (isPlain ? [] : givingAccount(user, groups)),
      takes: false,
      async write(unit, record) {
        const made = await insertAccount(prepared, unit, by);
        record({ ...intent, origin: by.origin, accountId: made.id });
        return made;
      },
    });
  });
}
