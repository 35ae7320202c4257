import type { Context } from '../../context.ts';
import { actorOf } from '../actor-of.ts';
import type { CoreServices } from '../core-services.ts';
import type { Group } from './groups-among.ts';

type Answer = Promise<{ readonly group: Group }>;
type GroupContext = Context<CoreServices>;

interface NamesMember {
  readonly input: { readonly member: string };
}

/** Changes of groups, and of who is in them. What they may change is the policy's and `accounts/`' business. */
export const groupMutations = {
  createGroup: async (_: unknown, { input }: { input: { name: string } }, context: GroupContext): Answer => ({
    group: await context.services.accounts.createGroup(input.name, actorOf(context)),
  }),
  deleteGroup: async (group: Group, _args: object, context: GroupContext): Answer => {
    await context.services.accounts.deleteGroup(group.name, actorOf(context));
    return { group };
  },
  addGroupMember: async (group: Group, { input }: NamesMember, context: GroupContext): Answer => {
    await context.services.accounts.addToGroup(group.name, input.member, actorOf(context));
    return { group };
  },
  removeGroupMember: async (group: Group, { input }: NamesMember, context: GroupContext): Answer => {
    await context.services.accounts.removeFromGroup(group.name, input.member, actorOf(context));
    return { group };
  },
};
