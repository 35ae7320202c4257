import type { AuditEntry } from '../../audit/audit.ts';
import type { Origin } from '../../core/origin.ts';
import type { IdentityRow } from '../../store/contract/identities.ts';
import type { AttributeChanges, UserRow } from '../../store/contract/users.ts';
import type { Store } from '../../store/store.ts';
import { findEmailFault } from '../email-address.ts';
import type { ForeignIdentity } from '../foreign-identity.ts';
import { renderForeignText } from './foreign-text.ts';
import { Overtaken } from './overtaken.ts';

export interface Claims {
  readonly row: IdentityRow;
  readonly identity: ForeignIdentity;
  readonly user: UserRow;
  readonly authenticator: string;
  readonly origin: Origin;
  readonly at: number;
  /** Whether the unit holds the administration: without, it throws `MustHold` where it would change who may do what. */
  readonly held: boolean;
}

/** Groups or attributes are to change, and administrators are to be kept from deciding on them meanwhile. */
export class MustHold extends Overtaken {}

/**
 * Brings an account up to date with what an identity of it says, in a unit. What the claims give and take is the
 * configuration's authority: it is compared with nobody's.
 */
export async function applyClaims(
  unit: Store,
  record: (entry: AuditEntry) => void,
  claims: Claims,
): Promise<UserRow> {
  const { row, identity, user, authenticator, at } = claims;
  const origin = { ...claims.origin, subject: `authenticator:${authenticator}`, userId: null, authenticator };
  const told = { origin, accountId: user.id };

  // First: from here on the identity stays until the unit ends.
  const use = { authenticator, label: renderForeignText(identity.label), lastUsedAt: at };
  checkThere(await unit.identities.recordUse(row.id, use));
  const name = renderForeignText(identity.name ?? '');
  if (name !== '' && name !== user.name) {
    checkThere((await unit.users.rename(user.id, { name })) === 'renamed');
    record({ ...told, event: 'account.renamed', details: { username: user.username, name } });
  }
  // One of the wrong form is left out: nobody is kept out for it. What a provider does not send (any more) stays.
  const { email } = identity;
  if (email !== null && findEmailFault(email.address) === null) {
    const changed = await unit.identities.setClaimedEmail(row, email, at);
    const { address, verified } = email;
    const details = { username: user.username, address, verified };
    if (changed) record({ ...told, event: 'account.email-changed', details });
  }
  const attributes = changesOf(user, identity);
  if (Object.keys(attributes).length > 0) {
    if (!claims.held) throw new MustHold();
    checkThere(await unit.users.changeAttributes(user.id, attributes));
    const changed = { username: user.username, attributes: Object.keys(attributes) };
    record({ ...told, event: 'account.attributes-changed', details: changed });
  }
  // An authenticator whose claims give no groups (any more) takes away what they gave.
  const { added, removed } = await unit.groups.setClaimed(row, identity.groups ?? [], origin.subject, at);
  if (added.length + removed.length > 0) {
    if (!claims.held) throw new MustHold();
    const details = { username: user.username, issuer: row.issuer, added, removed };
    record({ ...told, event: 'group.claims-applied', details });
  }
  const now = await unit.users.find(user.id);
  if (now === null) throw new Overtaken();
  return now;
}

/** Attributes that would be other ones than they are. */
const changesOf = (user: UserRow, { attributes }: ForeignIdentity): AttributeChanges =>
  Object.fromEntries(
    Object.entries(attributes).filter(
      ([name, value]) => JSON.stringify(user.attributes[name] ?? null) !== JSON.stringify(value),
    ),
  );

function checkThere(found: boolean): void {
  if (!found) throw new Overtaken();
}
