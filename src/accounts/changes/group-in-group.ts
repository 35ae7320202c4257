import { newId } from '../../core/ids.ts';
import type { AuthorityChange, PolicySnapshot } from '../../policy/snapshot.ts';
import type { NestingRow } from '../../store/contract/groups.ts';
import type { Actor } from '../actor.ts';
import { givingToGroup } from '../holdings.ts';
import { loadMembersBelow } from '../members-below.ts';
import { checkNotFiled } from '../names-of-policy.ts';
import { checkNestings } from '../nesting.ts';
import type { ChangeNeeds } from './needs.ts';

/** Whoever is in `member` is in `group` too. `false` where an administrator said so before. */
export function addNesting(
  group: string,
  member: string,
  by: Actor,
  { administer, clock }: ChangeNeeds,
): Promise<boolean> {
  const details = { group, member: `group:${member}` };
  const intent = { event: 'group.member-added', details } as const;
  return administer(by, intent, async ({ store, snapshot }) => {
    const row: NestingRow = { id: newId(clock), member, group, by: by.origin.subject, at: clock.now() };
    checkNestings(snapshot.rows.memberships, [...(await store.groups.nestings()), row]);
    return {
      gives: () => nesting(group, member, { snapshot, store }),
      takes: false,
      async write(unit, record) {
        const added = await unit.groups.addNesting(row);
        if (added) record({ ...intent, origin: by.origin });
        return added;
      },
    };
  });
}

export function removeNesting(
  group: string,
  member: string,
  by: Actor,
  { administer, store }: ChangeNeeds,
): Promise<boolean> {
  const details = { group, member: `group:${member}` };
  const intent = { event: 'group.member-removed', details } as const;
  return administer(by, intent, ({ snapshot }) => {
    checkNotFiled(`group:${member}`, group, snapshot.rows);
    return Promise.resolve({
      gives: () => unnesting(group, member, { snapshot, store }),
      takes: true,
      async write(unit, record) {
        const removed = await unit.groups.removeNesting(member, group);
        if (removed) record({ ...intent, origin: by.origin });
        return removed;
      },
    });
  });
}

type Needs = Pick<ChangeNeeds, 'store'> & { readonly snapshot: PolicySnapshot };

/** By itself; and together with what is above the member, and what those in it are in beside it, where a rule asks for both. */
async function* nesting(group: string, member: string, needs: Needs): AsyncGenerator<AuthorityChange> {
  const pair = { member: `group:${member}`, group: `group:${group}` };
  yield* givingToGroup(member, { subjects: [pair.group] }, needs.snapshot);
  if (needs.snapshot.canGiveByPresence(pair.group))
    yield* ofEverybody(member, { memberships: [pair] }, needs);
}

/** Only a deny rule that is left behind can give: then everybody in the group is looked at. */
async function* unnesting(group: string, member: string, needs: Needs): AsyncGenerator<AuthorityChange> {
  const pair = { member: `group:${member}`, group: `group:${group}` };
  if (needs.snapshot.canGiveByAbsence(pair.group)) yield* ofEverybody(member, { without: [pair] }, needs);
}

/** What it changes for the group, and for each of those in it. */
async function* ofEverybody(
  member: string,
  change: Pick<AuthorityChange['after'], 'memberships' | 'without'>,
  needs: Needs,
): AsyncGenerator<AuthorityChange> {
  const own = [`group:${member}`];
  yield { before: { subjects: own }, after: { subjects: own, ...change } };
  for await (const { subjects } of loadMembersBelow(member, needs)) {
    yield { before: { subjects }, after: { subjects, ...change } };
  }
}
