import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { Store } from '../store/store.ts';
import type { Accounts } from './accounts.ts';
import { createAdminister } from './administer.ts';
import type { AttributeDeclarations } from './attributes.ts';
import { changeAttributes } from './changes/change-attributes.ts';
import { changeStatus } from './changes/change-status.ts';
import { createAccount } from './changes/create-account.ts';
import { deleteAccount } from './changes/delete-account.ts';
import { endSessions } from './changes/end-sessions.ts';
import { grantPermission, revokeGrant } from './changes/grant.ts';
import { createGroup, deleteGroup } from './changes/group.ts';
import { addNesting, removeNesting } from './changes/group-in-group.ts';
import type { ChangeNeeds } from './changes/needs.ts';
import { renameAccount } from './changes/rename.ts';
import { setPassword } from './changes/set-password.ts';
import { addUser, removeUser } from './changes/user-in-group.ts';
import { findUserByName, loadUserByName } from './find-user.ts';
import type { Hasher } from './hashing/hasher.ts';
import { checkGroupName, parseSubject } from './subject.ts';
import { createPasswordVerifier } from './verify-password.ts';

export interface AccountsNeeds {
  readonly store: Store;
  readonly hasher: Hasher;
  /** What a change is held against. */
  readonly policy: Pick<PolicyEngine, 'current' | 'atEpoch'>;
  readonly audit: Pick<Audit, 'record' | 'unit'>;
  readonly attributes: AttributeDeclarations;
  /** Shortest new password, in code points. */
  readonly minLength: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Every change that touches who holds what goes through one `administer`: there is no other way to write one. */
export function createAccounts(needs: AccountsNeeds): Accounts {
  const { store, hasher, audit, log } = needs;
  const changing: ChangeNeeds = { ...needs, administer: createAdminister(needs) };

  return {
    findByUsername: (username) => findUserByName(store.users, username),
    byUsername: (username) => loadUserByName(store.users, username),
    verifyPassword: createPasswordVerifier({ users: store.users, hasher, log }),

    create: (account, by) => createAccount(account, by, changing),
    setPassword: (userId, password, by) => setPassword(userId, password, by, changing),
    rename: (userId, to, by) => renameAccount(userId, to, by, changing),
    changeStatus: (userId, to, by) => changeStatus(userId, to, by, changing),
    changeAttributes: (userId, changes, by) => changeAttributes(userId, changes, by, changing),
    endSessions: (userId, by) => endSessions(userId, by, audit),
    delete: (userId, by) => deleteAccount(userId, by, changing),

    async createGroup(name, by) {
      checkGroupName(name);
      return await createGroup(name, by, changing);
    },
    deleteGroup: (name, by) => deleteGroup(name, by, changing),

    async addToGroup(group, typed, by) {
      checkGroupName(group);
      const { kind, name } = parseSubject(typed);
      return await (kind === 'user' ? addUser : addNesting)(group, name, by, changing);
    },
    async removeFromGroup(group, typed, by) {
      checkGroupName(group);
      const { kind, name } = parseSubject(typed);
      return await (kind === 'user' ? removeUser : removeNesting)(group, name, by, changing);
    },

    grant: async (grant, by) => await grantPermission(grant, by, changing),
    revoke: (grantId, by) => revokeGrant(grantId, by, changing),
  };
}
