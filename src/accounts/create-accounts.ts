import type { Clock } from '../core/clock.ts';
import { PortcullisError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { MembershipRow } from '../policy/rule.ts';
import type { AccountStatus, Store, UserRow } from '../store/store.ts';
import type { Accounts, Actor } from './accounts.ts';
import { findAttributeFaults, type AttributeDeclarations } from './attributes.ts';
import { checkNoFaults } from './faults.ts';
import type { Hasher } from './hashing/hasher.ts';
import { createMemberships } from './memberships.ts';
import { insertAccount, parseTypedUsername, prepareAccount } from './new-account.ts';
import { parseNewPassword } from './password-rules.ts';
import { createPasswordVerifier } from './verify-password.ts';

export interface AccountsNeeds {
  readonly store: Store;
  readonly hasher: Hasher;
  /** The memberships of the policy that decides now: a nesting must not close a circle with one of a file. */
  readonly memberships: () => readonly MembershipRow[];
  readonly attributes: AttributeDeclarations;
  /** Shortest new password, in code points. */
  readonly minLength: number;
  readonly clock: Clock;
  readonly log: Log;
}

export function createAccounts(needs: AccountsNeeds): Accounts {
  const { store, hasher, clock, log } = needs;

  async function findByUsername(typed: string): Promise<UserRow | null> {
    const username = parseTypedUsername(typed);
    return username === null ? null : await store.users.findByUsername(username);
  }

  async function findUser(typed: string): Promise<UserRow> {
    const user = await findByUsername(typed);
    if (user === null)
      throw new PortcullisError('NOT_FOUND', {
        message: 'No account has that username. Check its spelling.',
      });
    return user;
  }

  const recordChange = (event: string, user: UserRow, by: Actor, fields: object = {}): void =>
    log.info({ event: `account.${event}`, user: user.id, by, ...fields }, `Account ${event}.`);

  const checkFound = (found: boolean): void => {
    if (!found) throw new PortcullisError('NOT_FOUND', { message: 'The account was deleted meanwhile.' });
  };

  const memberships = createMemberships({ store, findUser, memberships: needs.memberships, clock });

  return {
    async create(account, by) {
      const prepared = await prepareAccount(account, needs);
      const user = await store.transaction((unit) => insertAccount(prepared, unit, by));
      recordChange('created', user, by);
      return user;
    },

    findByUsername,

    byUsername: findUser,

    verifyPassword: createPasswordVerifier({ users: store.users, hasher, log }),

    async setPassword(username, typed, by) {
      const user = await findUser(username);
      const emails = (await store.users.emailsOf([user.id])).get(user.id) ?? [];
      const owner = { username: user.username, emails: emails.map(({ address }) => address) };
      const parsed = parseNewPassword(typed, owner, needs.minLength);
      if ('fault' in parsed) throw new PortcullisError('BAD_USER_INPUT', { message: parsed.fault });
      const hash = await hasher.hash(parsed.password);
      checkFound(await store.users.setPassword(user.id, hash, clock.now(), { endSessions: true }));
      recordChange('password-set', user, by);
    },

    async changeStatus(username, to, by) {
      const user = await findUser(username);
      const from: AccountStatus = to === 'active' ? 'suspended' : 'active';
      // `false` where it has that status already, which is what was asked for.
      if (await store.users.changeStatus(user.id, from, to)) recordChange('status-changed', user, by, { to });
    },

    async changeAttributes(username, changes, by) {
      const user = await findUser(username);
      checkNoFaults(findAttributeFaults(changes, needs.attributes));
      checkFound(await store.users.changeAttributes(user.id, changes));
      recordChange('attributes-changed', user, by, { attributes: Object.keys(changes) });
    },

    async delete(username, by) {
      const user = await findUser(username);
      checkFound(await store.users.delete(user.id));
      recordChange('deleted', user, by);
    },

    async addToGroup(group, member, by) {
      const added = await memberships.add(group, member, by);
      if (added) log.info({ event: 'group.member-added', group, member, by }, 'A member was added.');
      return added;
    },

    async removeFromGroup(group, member, by) {
      const removed = await memberships.remove(group, member);
      if (removed) log.info({ event: 'group.member-removed', group, member, by }, 'A member was removed.');
      return removed;
    },
  };
}
