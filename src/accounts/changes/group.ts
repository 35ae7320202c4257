import { PortcullisError } from '../../core/errors.ts';
import type { AuthorityChange, PolicySnapshot } from '../../policy/snapshot.ts';
import type { GroupRow, NestingRow } from '../../store/contract/groups.ts';
import type { Actor } from '../actor.ts';
import { loadMembersBelow } from '../members-below.ts';
import { findMention, standsInFile } from '../names-of-policy.ts';
import type { ChangeNeeds } from './needs.ts';

/** An empty group gives nobody anything. */
export function createGroup(name: string, by: Actor, { administer, clock }: ChangeNeeds): Promise<GroupRow> {
  const intent = { event: 'group.created', details: { group: name } } as const;
  return administer(by, intent, ({ snapshot }) => {
    if (snapshot.groups.includes(name)) throw groupExists();
    const createdAt = clock.now();
    return Promise.resolve({
      gives: () => [],
      takes: false,
      async write(unit, record) {
        if (!(await unit.groups.create(name, createdAt))) throw groupExists();
        record({ ...intent, origin: by.origin });
        return { name, createdAt };
      },
    });
  });
}

export function deleteGroup(name: string, by: Actor, { administer }: ChangeNeeds): Promise<void> {
  const intent = { event: 'group.deleted', details: { group: name } } as const;
  return administer(by, intent, async ({ store, snapshot }) => {
    const mention = findMention(name, snapshot.rows);
    if (mention !== null) throw standsInFile(`group:${name}`, mention);
    if (!(await store.groups.list()).some((group) => group.name === name)) throw noSuchGroup();
    const nestings = (await store.groups.nestings()).filter(
      ({ member, group }) => member === name || group === name,
    );
    return {
      gives: () => deleting(name, nestings, { snapshot, store }),
      takes: true,
      async write(unit, record) {
        if (!(await unit.groups.delete(name))) throw noSuchGroup();
        record({ ...intent, origin: by.origin });
      },
    };
  });
}

/** Only a deny rule that is left behind can give: then everybody who was in the group is looked at. */
async function* deleting(
  name: string,
  nestings: readonly NestingRow[],
  needs: Pick<ChangeNeeds, 'store'> & { readonly snapshot: PolicySnapshot },
): AsyncGenerator<AuthorityChange> {
  const gone = `group:${name}`;
  if (!needs.snapshot.canGiveByAbsence(gone)) return;
  const without = nestings.map(({ member, group }) => ({
    member: `group:${member}`,
    group: `group:${group}`,
  }));
  for (const { member, group } of without) {
    if (group === gone) yield { before: { subjects: [member] }, after: { subjects: [member], without } };
  }
  for await (const { subjects } of loadMembersBelow(name, needs)) {
    const after = subjects.filter((subject) => subject !== gone);
    yield { before: { subjects }, after: { subjects: after, without } };
  }
}

const groupExists = (): PortcullisError =>
  new PortcullisError('BAD_USER_INPUT', { message: 'There is a group of that name already.' });

const noSuchGroup = (): PortcullisError =>
  new PortcullisError('NOT_FOUND', { message: 'There is no such group. Check its name.' });
