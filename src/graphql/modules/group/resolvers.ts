import { parseUsername, type Username } from '../../../core/names.ts';
import type { PolicySnapshot } from '../../../policy/snapshot.ts';
import type { UserRow } from '../../../store/contract/users.ts';
import type { Load } from '../../context.ts';
import { defineModule } from '../../module.ts';
import { pageOf, pageOfList, type PageArguments } from '../../pagination.ts';
import type { CoreServices } from '../core-services.ts';
import { groupFacts } from './facts.ts';
import { groupsAmong, type Group } from './groups-among.ts';
import { groupMutations } from './mutations.ts';

interface GroupLoads {
  readonly group: Group;
}

const changesMembers = {
  on: 'Group',
  load: ({ input }: { input: { group: string } }, load: Load<GroupLoads>) => load.group(input.group),
};

/** Groups of the policy files and of the database, as one. */
export const groupModule = defineModule<CoreServices, GroupLoads>({
  name: 'group',
  typeDefs: new URL('./schema.graphql', import.meta.url),
  facts: groupFacts,
  acts: {
    'Query.group': { on: 'Group', load: (args: { name: string }, load) => load.group(args.name) },
    'Mutation.deleteGroup': {
      on: 'Group',
      load: (args: { input: { name: string } }, load) => load.group(args.input.name),
    },
    'Mutation.addGroupMember': changesMembers,
    'Mutation.removeGroupMember': changesMembers,
  },
  loaders: {
    group: async (names, { services, snapshot }) => {
      const known = await allNames(services, snapshot);
      return new Map(names.filter((name) => known.has(name)).map((name) => [name, { name }]));
    },
  },
  resolvers: {
    Query: {
      groups: async (_: unknown, args: PageArguments, { services, snapshot }) => {
        const names = [...(await allNames(services, snapshot))].sort();
        return pageOfList(
          services.cursors,
          args,
          names.map((name): Group => ({ name })),
          (group) => group.name,
        );
      },
      group: (group: Group) => group,
    },
    Group: {
      members: (group: Group, args: PageArguments, { services, snapshot }) => {
        const named = namedInFiles(snapshot, group);
        return pageOf(
          services.cursors,
          args,
          (user: UserRow) => user.username,
          async ({ after, limit }) => {
            const stored = await services.store.groups.membersOf(group.name, {
              after: after as Username | null,
              limit,
            });
            const others = await Promise.all(
              named
                .filter((username) => after === null || username > after)
                .slice(0, limit)
                .map((username) => services.store.users.findByUsername(username)),
            );
            return mergeByUsername(stored, others).slice(0, limit);
          },
        );
      },
      subgroups: async (group: Group, _args: object, { services, snapshot }) => {
        const inFiles = snapshot.rows.memberships.filter(({ provenance }) => provenance.kind === 'file');
        const nestings = await services.store.groups.nestings();
        return groupsAmong(
          new Set([
            ...inFiles.filter((row) => row.group === `group:${group.name}`).map((row) => row.member),
            ...nestings.filter((row) => row.group === group.name).map((row) => `group:${row.member}`),
          ]),
        );
      },
    },
    Mutation: groupMutations,
  },
});

async function allNames(services: CoreServices, snapshot: PolicySnapshot): Promise<ReadonlySet<string>> {
  const stored = await services.store.groups.list();
  return new Set([...snapshot.groups, ...stored.map((group) => group.name)]);
}

/** Members by a `g, user:…` row of a policy file. */
function namedInFiles(snapshot: PolicySnapshot, group: Group): readonly Username[] {
  return snapshot.rows.memberships
    .filter((row) => row.group === `group:${group.name}` && row.member.startsWith('user:'))
    .map((row) => parseUsername(row.member.slice('user:'.length)))
    .filter((username) => username !== null)
    .sort();
}

function mergeByUsername(
  stored: readonly UserRow[],
  others: readonly (UserRow | null)[],
): readonly UserRow[] {
  const users = new Map(stored.map((user) => [user.username, user]));
  for (const user of others) if (user !== null) users.set(user.username, user);
  return [...users.values()].sort((a, b) => (a.username < b.username ? -1 : 1));
}
