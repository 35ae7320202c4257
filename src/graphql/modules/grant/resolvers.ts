import type { NamedGrantRow } from '../../../store/contract/grants.ts';
import type { UserRow } from '../../../store/contract/users.ts';
import type { Context } from '../../context.ts';
import { defineModule } from '../../module.ts';
import { pageOfList, type PageArguments } from '../../pagination.ts';
import { actorOf } from '../actor-of.ts';
import type { CoreServices } from '../core-services.ts';
import type { Group } from '../group/groups-among.ts';
import { grantFacts } from './facts.ts';

interface GrantLoads {
  readonly grant: NamedGrantRow;
  /** By `holderOf`. */
  readonly grantsTo: readonly NamedGrantRow[];
}

type GrantContext = Context<CoreServices, GrantLoads>;

interface GrantInput {
  readonly subject: string;
  readonly permission: string;
  readonly action: string;
}

/** Permissions that administrators gave at run time: part of the policy from the next request on. */
export const grantModule = defineModule<CoreServices, GrantLoads>({
  name: 'grant',
  typeDefs: new URL('./schema.graphql', import.meta.url),
  facts: grantFacts,
  acts: {
    'Mutation.revokePermission': {
      on: 'Grant',
      load: (args: { input: { id: string } }, load) => load.grant(args.input.id),
    },
  },
  loaders: {
    grant: async (ids, { services }) => {
      const found = await Promise.all(ids.map((id) => services.store.grants.find(id)));
      return new Map(found.flatMap((grant) => (grant === null ? [] : [[grant.id, grant]])));
    },
    // There are as many as administrators have given by hand: one read for all who are asked about.
    grantsTo: async (holders, { services }) => {
      const grants = await services.store.grants.list();
      return new Map(holders.map((holder) => [holder, grants.filter((grant) => holderOf(grant) === holder)]));
    },
  },
  resolvers: {
    Query: {
      grants: async (_: unknown, args: PageArguments, { services }) =>
        pageOfList(services.cursors, args, await services.store.grants.list(), (grant) => grant.id),
    },
    User: {
      grants: (user: UserRow, args: PageArguments, context) =>
        pageOfGrants({ userId: user.id, group: null }, args, context),
    },
    Group: {
      grants: (group: Group, args: PageArguments, context) =>
        pageOfGrants({ userId: null, group: group.name }, args, context),
    },
    Grant: {
      grantedBy: (grant: NamedGrantRow) => grant.by,
      grantedAt: (grant: NamedGrantRow) => grant.at,
    },
    Mutation: {
      grantPermission: async (_: unknown, { input }: { input: GrantInput }, context) => {
        const { grant } = await context.services.accounts.grant(input, actorOf(context));
        return { grant };
      },
      revokePermission: async (grant: NamedGrantRow, _args: object, context) => ({
        grant: await context.services.accounts.revoke(grant.id, actorOf(context)),
      }),
    },
  },
});

type Holder = Pick<NamedGrantRow, 'userId' | 'group'>;

/** Names of groups have no slash. */
const holderOf = ({ userId, group }: Holder): string => `${userId ?? ''}/${group ?? ''}`;

async function pageOfGrants(holder: Holder, args: PageArguments, { load, services }: GrantContext) {
  const grants = (await load.grantsTo(holderOf(holder))) ?? [];
  return pageOfList(services.cursors, args, grants, (grant) => grant.id);
}
