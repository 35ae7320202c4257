import { parseUsername, type Username } from '../../../core/names.ts';
import type { UserRow } from '../../../store/contract/users.ts';
import type { Context, Load } from '../../context.ts';
import { defineModule } from '../../module.ts';
import { pageOf, type PageArguments } from '../../pagination.ts';
import type { CoreServices } from '../core-services.ts';
import { groupsAmong } from '../group/groups-among.ts';
import { userFacts } from './facts.ts';
import { userMutations } from './mutations.ts';

/** What this module loads by id (and, for `userByName`, by what was typed). */
export interface UserLoads {
  readonly user: UserRow;
  readonly userByName: UserRow;
  readonly email: string;
  readonly groupNames: readonly string[];
}

type UserContext = Context<CoreServices, UserLoads>;

const named = {
  on: 'User',
  load: ({ input }: { input: { id: string } }, load: Load<UserLoads>) => load.user(input.id),
};

/** Accounts. */
export const userModule = defineModule<CoreServices, UserLoads>({
  name: 'user',
  typeDefs: new URL('./schema.graphql', import.meta.url),
  facts: userFacts,
  acts: {
    'Query.user': { on: 'User', load: (args: { username: string }, load) => load.userByName(args.username) },
    'Mutation.renameUser': named,
    'Mutation.suspendUser': named,
    'Mutation.reactivateUser': named,
    'Mutation.deleteUser': named,
    'Mutation.endUserSessions': named,
  },
  loaders: {
    user: async (ids, { services }) => byId(await services.store.users.findMany(ids)),
    userByName: async (names, { services }) => {
      const found = await Promise.all(
        names.map(async (name) => {
          const username = parseUsername(name);
          return [
            name,
            username === null ? null : await services.store.users.findByUsername(username),
          ] as const;
        }),
      );
      return new Map(found.flatMap(([name, user]) => (user === null ? [] : [[name, user]])));
    },
    email: async (ids, { services }) => {
      const found = await services.store.users.emailsOf(ids);
      return new Map(
        [...found].flatMap(([id, emails]) => {
          const address = (emails.find((email) => email.primary) ?? emails[0])?.address;
          return address === undefined ? [] : [[id, address]];
        }),
      );
    },
    groupNames: (ids, { services }) => services.store.groups.groupsOf(ids),
  },
  resolvers: {
    Query: {
      users: (_: unknown, args: PageArguments, { services }) =>
        pageOf(
          services.cursors,
          args,
          (user: UserRow) => user.username,
          ({ after, limit }) => services.store.users.list({ after: after as Username | null, limit }),
        ),
      user: (user: UserRow) => user,
    },
    User: {
      email: (user: UserRow, _args: object, { load }) => load.email(user.id),
      status: (user: UserRow) => user.status.toUpperCase(),
      groups: async (user: UserRow, _args: object, context) => groupsAmong(await subjectsOf(user, context)),
    },
    Mutation: userMutations,
  },
});

const byId = (users: readonly UserRow[]): ReadonlyMap<string, UserRow> =>
  new Map(users.map((user) => [user.id, user]));

/** What the policy counts the user as; how they logged in plays no part in it. */
async function subjectsOf(user: UserRow, { load, snapshot }: UserContext): Promise<ReadonlySet<string>> {
  const names = (await load.groupNames(user.id)) ?? [];
  return snapshot.subjectsOf({
    kind: 'user',
    subject: `user:${user.username}`,
    id: user.id,
    username: user.username,
    groups: names.map((name) => `group:${name}` as const),
    attributes: user.attributes,
    authentication: { authenticator: '', amr: [], aal: 0, authTime: 0 },
  });
}
