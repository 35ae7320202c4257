import type { Clock } from '../core/clock.ts';
import { newId } from '../core/ids.ts';
import { builtInSubjects, parseUsername, type Username } from '../core/names.ts';
import type { NewUser, UserRow } from '../store/contract/users.ts';
import type { Store } from '../store/store.ts';
import { PortcullisError } from '../core/errors.ts';
import type { NewAccount } from './accounts.ts';
import type { Actor } from './actor.ts';
import { findAttributeFaults, type AttributeDeclarations } from './attributes.ts';
import { findEmailFault } from './email-address.ts';
import { checkNoFaults } from './faults.ts';
import { groupNameFault } from './group-name.ts';
import type { Hasher } from './hashing/hasher.ts';
import { parseNewPassword } from './password-rules.ts';

export interface NewAccountNeeds {
  readonly hasher: Pick<Hasher, 'hash'>;
  readonly attributes: AttributeDeclarations;
  readonly minLength: number;
  readonly clock: Clock;
}

/** An account that has been checked and whose password is hashed: what is left is to write it. */
export interface PreparedAccount {
  readonly user: NewUser;
  readonly groups: readonly string[];
}

const longestName = 200;
/** Each is written by itself while other changes wait. */
const mostGroups = 100;

/** What somebody typed as a username, canonical; `null` where no account can have that name. */
export const parseTypedUsername = (typed: string): Username | null =>
  typed.length <= 256 ? parseUsername(typed) : null;

/** Checks everything and hashes the password. Outside any transaction: a hash takes longer than a lock should. */
export async function prepareAccount(account: NewAccount, needs: NewAccountNeeds): Promise<PreparedAccount> {
  const { attributes = {}, groups = [], email, name = '' } = account;
  const username = parseTypedUsername(account.username);
  const emails = email === undefined ? [] : [email];
  const owner = { username: username ?? '', emails };
  const parsed =
    account.password === undefined ? null : parseNewPassword(account.password, owner, needs.minLength);

  checkNoFaults([
    ...findUsernameFaults(username),
    ...findNameFaults(name),
    ...emails.flatMap((address) => findEmailFault(address) ?? []),
    ...(parsed !== null && 'fault' in parsed ? [parsed.fault] : []),
    ...findAttributeFaults(attributes, needs.attributes),
    ...findGroupsFaults(groups),
  ]);

  return {
    groups: [...new Set(groups)],
    user: {
      id: newId(needs.clock),
      username: username as Username,
      name,
      attributes,
      createdAt: needs.clock.now(),
      emails: emails.map((address) => ({ id: newId(needs.clock), address, primary: true, verifiedAt: null })),
      passwordHash: parsed !== null && 'password' in parsed ? await needs.hasher.hash(parsed.password) : null,
    },
  };
}

/** Writes the account and its memberships. Call it in a unit: a taken name rejects halfway. */
export async function insertAccount(
  { user, groups }: PreparedAccount,
  store: Store,
  by: Actor,
): Promise<UserRow> {
  if (!(await store.users.insert(user))) throw usernameTaken();
  for (const group of groups) {
    await store.groups.addMember(group, user.id, by.origin.subject, user.createdAt);
  }
  const { id, username, name, attributes, createdAt } = user;
  return { id, username, name, attributes, createdAt, status: 'active', sessionEpoch: 0 };
}

export const usernameTaken = (): PortcullisError =>
  new PortcullisError('BAD_USER_INPUT', { message: 'That username is taken. Choose another one.' });

/** @param username as `parseTypedUsername` answered */
export function findUsernameFaults(username: Username | null): string[] {
  if (username === null) {
    return [
      'Choose a username of 1 to 64 letters, digits or any of . _ @ + - that starts with a letter or digit.',
    ];
  }
  return builtInSubjects.some((subject) => subject === username) ? ['That username is reserved.'] : [];
}

const findGroupsFaults = (groups: readonly string[]): readonly string[] =>
  groups.length > mostGroups
    ? [`Give at most ${mostGroups} groups at once.`]
    : [...new Set(groups.flatMap((group) => groupNameFault(group) ?? []))];

export const findNameFaults = (name: string): string[] =>
  name.length <= longestName && !/[\p{Cc}\p{Surrogate}]/u.test(name)
    ? []
    : [`Give a name of at most ${longestName} characters, on one line.`];
