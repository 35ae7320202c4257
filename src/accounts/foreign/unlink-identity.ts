import { PortcullisError } from '../../core/errors.ts';
import type { IdentityRow } from '../../store/contract/identities.ts';
import type { Store } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Administer, Change, Ground } from '../administer.ts';
import { subjectsOf } from '../holdings.ts';
import type { Identities } from '../identities.ts';

/**
 * Unlinks an identity: the groups that its claims gave go with it, and with them what they allow, and what they deny. So
 * it is a change to who holds what like any other.
 */
export function createUnlink(store: Pick<Store, 'identities'>, administer: Administer): Identities['unlink'] {
  return async (identityId, by) => {
    const known = await store.identities.byId(identityId);
    if (known === null) throw noSuchIdentity();
    const { issuer, subject, label, userId } = known;
    const details = { issuer, subject, label };
    await administer(by, { event: 'identity.unlinked', accountId: userId, details }, (ground) =>
      Promise.resolve(unlinking(known, ground, by)),
    );
  };
}

const unlinking = (identity: IdentityRow, { store }: Ground, { origin }: Actor): Change<void> => ({
  async *gives() {
    const user = await store.users.find(identity.userId);
    if (user === null) return;
    const before = (await store.groups.groupsOf([user.id])).get(user.id) ?? [];
    const after = await store.groups.groupsWithout(identity);
    yield { before: { subjects: subjectsOf(user, before) }, after: { subjects: subjectsOf(user, after) } };
  },
  takes: true,
  async write(unit, record) {
    const { id, userId, issuer, subject, label } = identity;
    const user = await unit.users.find(userId);
    const identities = (await unit.identities.ofUsers([userId])).get(userId) ?? [];
    if (user === null || !identities.some((each) => each.id === id)) throw noSuchIdentity();
    if (identities.length === 1 && (await unit.users.passwordOf(userId)) === null) throw onlyWayIn();
    await unit.identities.delete(id);
    const details = { username: user.username, issuer, subject, label };
    record({ event: 'identity.unlinked', origin, accountId: userId, details });
  },
});

const noSuchIdentity = (): PortcullisError =>
  new PortcullisError('NOT_FOUND', {
    message: 'There is no such identity. It may have been unlinked meanwhile.',
  });

const onlyWayIn = (): PortcullisError =>
  new PortcullisError('CONFLICT', {
    message: 'This is the only way to log in to that account. Set a password or link another identity first.',
  });
