import type { AccountStatus, UserRow } from '../../../store/contract/users.ts';
import type { NewAccount } from '../../../accounts/accounts.ts';
import { PortcullisError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { actorOf } from '../actor-of.ts';
import type { CoreServices } from '../core-services.ts';

interface CreateUserInput {
  readonly username: string;
  readonly name?: string | null;
  readonly email?: string | null;
  readonly password?: string | null;
  readonly groups?: readonly string[] | null;
}

interface RenameUserInput {
  readonly username?: string | null;
  readonly name?: string | null;
}

type Run<Args> = (
  user: UserRow,
  args: Args,
  context: Context<CoreServices>,
) => Promise<{ readonly user: UserRow }>;

const changeStatus =
  (to: AccountStatus): Run<object> =>
  async (user, _args, context) => ({
    user: await context.services.accounts.changeStatus(user.id, to, actorOf(context)),
  });

const renameUser: Run<{ input: RenameUserInput }> = async (user, { input }, context) => {
  const { username, name } = input;
  const to = { ...withText('username', username), ...withText('name', name) };
  if (Object.keys(to).length === 0) {
    throw new PortcullisError('BAD_USER_INPUT', { message: 'Give a new username, a new name, or both.' });
  }
  return { user: await context.services.accounts.rename(user.id, to, actorOf(context)) };
};

const deleteUser: Run<object> = async (user, _args, context) => {
  await context.services.accounts.delete(user.id, actorOf(context));
  return { user };
};

const endUserSessions: Run<object> = async (user, _args, context) => {
  await context.services.accounts.endSessions(user.id, actorOf(context));
  return { user };
};

/** Changes of accounts. What they may change is the policy's and `accounts/`' business. */
export const userMutations = {
  createUser: async (_: unknown, { input }: { input: CreateUserInput }, context: Context<CoreServices>) => ({
    user: await context.services.accounts.create(newAccountOf(input), actorOf(context)),
  }),
  renameUser,
  suspendUser: changeStatus('suspended'),
  reactivateUser: changeStatus('active'),
  deleteUser,
  endUserSessions,
};

function newAccountOf({ username, name, email, password, groups }: CreateUserInput): NewAccount {
  return {
    username,
    ...withText('name', name),
    ...withText('email', email),
    ...withText('password', password),
    ...(groups === undefined || groups === null ? {} : { groups }),
  };
}

/** `null` says what leaving it out says. */
const withText = <Key extends string>(
  key: Key,
  text: string | null | undefined,
): Partial<Record<Key, string>> =>
  text === undefined || text === null ? {} : ({ [key]: text } as Record<Key, string>);
