import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../core/clock.ts';
import { PortcullisError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { Origin } from '../core/origin.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { IdentityRow } from '../store/contract/identities.ts';
import type { NewUser, UserRow } from '../store/contract/users.ts';
import type { Store } from '../store/store.ts';
import { createAdminister } from './administer.ts';
import { applyClaims, MustHold } from './foreign/apply-claims.ts';
import type { AttributeDeclarations } from './attributes.ts';
import { checkIdentity } from './foreign/check-identity.ts';
import { noAccount, prepareForeignAccount, usernameTaken } from './foreign/foreign-account.ts';
import type { ForeignIdentity } from './foreign-identity.ts';
import { renderForeignText } from './foreign/foreign-text.ts';
import type { Identities } from './identities.ts';
import { Overtaken, settle } from './foreign/overtaken.ts';
import { createUnlink } from './foreign/unlink-identity.ts';

export interface IdentitiesNeeds {
  readonly store: Store;
  readonly audit: Pick<Audit, 'record' | 'unit'>;
  readonly policy: Pick<PolicyEngine, 'current' | 'atEpoch'>;
  readonly attributes: AttributeDeclarations;
  readonly clock: Clock;
}

interface Proof {
  readonly identity: ForeignIdentity;
  readonly authenticator: string;
  readonly origin: Origin;
}

/**
 * Logins that change who is where take the administration before any other write, so that nobody decides meanwhile on
 * what they change. They wait for it: on a first morning everybody comes at once.
 */
export function createIdentities(needs: IdentitiesNeeds): Identities {
  const { store, audit, policy, attributes, clock } = needs;

  const newRow = (userId: string, { identity, authenticator }: Proof): IdentityRow => ({
    id: newId(clock),
    userId,
    authenticator,
    issuer: identity.issuer,
    subject: identity.subject,
    label: renderForeignText(identity.label),
    linkedAt: clock.now(),
    lastUsedAt: clock.now(),
  });

  /** Brings the account up to date; one that is suspended is left as it is, for the door to refuse. */
  const update = (proof: Proof, held: boolean): Promise<UserRow> =>
    audit.unit(async (unit, record) => {
      if (held) await unit.administration.take();
      const row = await unit.identities.find(proof.identity.issuer, proof.identity.subject);
      const user = row === null ? null : await unit.users.find(row.userId);
      if (row === null || user === null) throw new Overtaken();
      if (user.status !== 'active') return user;
      return applyClaims(unit, record, { ...proof, row, user, at: clock.now(), held });
    });

  const provision = (proof: Proof, account: NewUser): Promise<UserRow> =>
    audit.unit(async (unit, record) => {
      await unit.administration.take();
      // Another login of the same identity may have been quicker: then the name is taken by themselves.
      if (!(await unit.users.insert(account))) throw new TakenUsername();
      const row = newRow(account.id, proof);
      if (!(await unit.identities.insert(row))) throw new Overtaken();
      const { username, name } = account;
      record({
        event: 'account.provisioned',
        origin: proof.origin,
        accountId: account.id,
        details: { username, name, issuer: row.issuer, subject: row.subject },
      });
      const user = { ...account, status: 'active', sessionEpoch: 0 } as const;
      return applyClaims(unit, record, { ...proof, row, user, at: clock.now(), held: true });
    });

  const link = (proof: Proof, userId: string): Promise<UserRow> =>
    audit.unit(async (unit, record) => {
      await unit.administration.take();
      const user = await unit.users.find(userId);
      if (user?.status !== 'active') throw noAccountToLink();
      const { issuer, subject } = proof.identity;
      let row = await unit.identities.find(issuer, subject);
      if (row !== null && row.userId !== userId) throw linkedToAnother();
      if (row === null) {
        row = newRow(userId, proof);
        if (!(await unit.identities.insert(row))) throw new Overtaken();
        const details = { username: user.username, issuer, subject, label: row.label };
        record({ event: 'identity.linked', origin: proof.origin, accountId: userId, details });
      }
      return applyClaims(unit, record, { ...proof, row, user, at: clock.now(), held: true });
    });

  /** Runs the work, and records why it is refused. */
  async function recordingRefusal<T>(proof: Proof, work: () => Promise<T>): Promise<T> {
    try {
      checkIdentity(proof.identity, attributes);
      return await work();
    } catch (error) {
      if (error instanceof PortcullisError && (error.code === 'LOGIN_REFUSED' || error.code === 'CONFLICT')) {
        const { issuer, subject, username } = proof.identity;
        const { authenticator, origin } = proof;
        const reason = error.detail ?? error.message;
        audit.record({
          event: 'identity.refused',
          origin,
          details: { authenticator, issuer, subject, username, reason },
        });
      }
      throw error;
    }
  }

  return {
    logIn(identity, { provision: makesAccounts, ...how }) {
      const proof: Proof = { identity, ...how };
      let held = false;
      return recordingRefusal(proof, () =>
        settle(async () => {
          if ((await store.identities.find(identity.issuer, identity.subject)) !== null) {
            return update(proof, held).catch((error: unknown) => {
              held ||= error instanceof MustHold;
              throw error;
            });
          }
          if (!makesAccounts) throw noAccount();
          const account = prepareForeignAccount(identity, policy.current().namedUsers, clock);
          return provision(proof, account).catch(async (error: unknown) => {
            if (!(error instanceof TakenUsername)) throw error;
            const known = await store.identities.find(identity.issuer, identity.subject);
            throw known === null ? usernameTaken(account.username) : new Overtaken();
          });
        }),
      );
    },

    link(identity, { userId, ...how }) {
      const proof: Proof = { identity, ...how };
      return recordingRefusal(proof, () => settle(() => link(proof, userId)));
    },

    unlink: createUnlink(store, createAdminister(needs)),
  };
}

class TakenUsername extends Error {}

const noAccountToLink = (): PortcullisError =>
  new PortcullisError('LOGIN_REFUSED', { detail: 'the account to link to is gone, or not active' });

const linkedToAnother = (): PortcullisError =>
  new PortcullisError('CONFLICT', {
    message: 'That login belongs to another account here. Log in to that one and unlink it there first.',
  });
