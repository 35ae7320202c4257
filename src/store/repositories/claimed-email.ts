import type { EntityManager } from 'typeorm';
import { newId } from '../../core/ids.ts';
import type { IdentityRepository } from '../contract/identities.ts';
import { EmailAddresses } from '../entities/accounts.ts';
import { holdIdentity } from './hold-identity.ts';

export const setClaimedEmail = (
  manager: EntityManager,
  ...[identity, { address, verified }, at]: Parameters<IdentityRepository['setClaimedEmail']>
): Promise<boolean> =>
  manager.transaction(async (unit) => {
    await holdIdentity(unit, identity);
    // Another identity of the account may be about to give it the same address.
    await unit.query('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [identity.userId]);
    const all = await unit.findBy(EmailAddresses, { userId: identity.userId });
    const claimed = all.find((email) => email.identityId === identity.id);
    const other = all.find((email) => email.address === address && email !== claimed);
    if (other !== undefined) {
      if (claimed === undefined) return false;
      await unit.delete(EmailAddresses, { id: claimed.id });
      if (claimed.primary) await unit.update(EmailAddresses, { id: other.id }, { primary: true });
      return true;
    }
    if (claimed === undefined) {
      await unit.insert(EmailAddresses, {
        id: newId({ now: () => at }),
        userId: identity.userId,
        identityId: identity.id,
        address,
        primary: !all.some((email) => email.primary),
        verifiedAt: verified ? at : null,
      });
      return true;
    }
    const before = claimed.address === address ? claimed.verifiedAt : null;
    const verifiedAt = verified ? (before ?? at) : null;
    if (claimed.address === address && claimed.verifiedAt === verifiedAt) return false;
    await unit.update(EmailAddresses, { id: claimed.id }, { address, verifiedAt });
    return true;
  });
