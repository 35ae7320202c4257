import { PortcullisError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { GrantRow, NamedGrantRow } from '../../store/contract/grants.ts';
import type { Store } from '../../store/store.ts';
import type { NewGrant } from '../accounts.ts';
import type { Actor } from '../actor.ts';
import { loadUserByName } from '../find-user.ts';
import { giving, givingToGroup } from '../holdings.ts';
import { checkPermission } from '../permission-of-grant.ts';
import { parseSubject } from '../subject.ts';
import type { ChangeNeeds } from './needs.ts';

type Granted = { readonly grant: NamedGrantRow; readonly added: boolean };

export function grantPermission(
  { subject: typed, permission, action }: NewGrant,
  by: Actor,
  { administer, clock }: ChangeNeeds,
): Promise<Granted> {
  const { kind, name } = parseSubject(typed);
  const intent = { event: 'grant.added', details: { subject: typed, permission, action } } as const;
  return administer(by, intent, async ({ store, snapshot }) => {
    checkPermission(permission, action, snapshot.permissions);
    const user = kind === 'user' ? await loadUserByName(store.users, name) : null;
    const subject = user === null ? `group:${name}` : `user:${user.username}`;
    const row: GrantRow = {
      id: newId(clock),
      userId: user?.id ?? null,
      group: user === null ? name : null,
      permission,
      action,
      by: by.origin.subject,
      at: clock.now(),
    };
    const given = { grants: [{ permission, action }] };
    return {
      gives: () => (user === null ? givingToGroup(name, given, snapshot) : [giving(given)]),
      takes: false,
      async write(unit, record) {
        if (!(await unit.grants.add(row))) return { grant: await loadSame(row, unit), added: false };
        const details = { grant: row.id, subject, permission, action };
        record({ event: intent.event, origin: by.origin, accountId: row.userId, details });
        return { grant: { ...row, subject }, added: true };
      },
    };
  });
}

/** A grant only allows: nobody gains where it goes. */
export function revokeGrant(grantId: string, by: Actor, { administer }: ChangeNeeds): Promise<NamedGrantRow> {
  const intent = { event: 'grant.removed', details: { grant: grantId } } as const;
  return administer(by, intent, async ({ store }) => {
    const grant = await store.grants.find(grantId);
    if (grant === null) throw noSuchGrant();
    return {
      gives: () => [],
      takes: false,
      async write(unit, record) {
        if (!(await unit.grants.remove(grantId))) throw noSuchGrant();
        const { subject, permission, action, userId } = grant;
        const details = { grant: grantId, subject, permission, action };
        record({ event: intent.event, origin: by.origin, accountId: userId, details });
        return grant;
      },
    };
  });
}

async function loadSame(row: GrantRow, { grants }: Pick<Store, 'grants'>): Promise<NamedGrantRow> {
  const found = (await grants.list()).find(
    ({ userId, group, permission, action }) =>
      userId === row.userId && group === row.group && permission === row.permission && action === row.action,
  );
  if (found === undefined) throw new PortcullisError('CONFLICT');
  return found;
}

const noSuchGrant = (): PortcullisError =>
  new PortcullisError('NOT_FOUND', { message: 'There is no such grant. It may have been revoked.' });
