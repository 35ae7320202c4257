import type { IdentityRow } from '../../../store/contract/identities.ts';
import type { UserRow } from '../../../store/contract/users.ts';
import type { Context } from '../../context.ts';
import { defineModule } from '../../module.ts';
import { pageOfList, type PageArguments } from '../../pagination.ts';
import { actorOf } from '../actor-of.ts';
import type { CoreServices } from '../core-services.ts';
import type { Viewer } from '../viewer/resolvers.ts';
import { identityFacts } from './facts.ts';

interface IdentityLoads {
  readonly identity: IdentityRow;
  /** By the account's id. */
  readonly identitiesOf: readonly IdentityRow[];
}

type IdentityContext = Context<CoreServices, IdentityLoads>;

/** Who vouches for people elsewhere. They are linked by logging in (`http/`), and unlinked here. */
export const identityModule = defineModule<CoreServices, IdentityLoads>({
  name: 'identity',
  typeDefs: new URL('./schema.graphql', import.meta.url),
  facts: identityFacts,
  acts: {
    'Mutation.unlinkIdentity': {
      on: 'Identity',
      load: (args: { input: { id: string } }, load) => load.identity(args.input.id),
    },
  },
  loaders: {
    identity: async (ids, { services }) => {
      const found = await Promise.all(ids.map((id) => services.store.identities.byId(id)));
      return new Map(found.flatMap((identity) => (identity === null ? [] : [[identity.id, identity]])));
    },
    identitiesOf: (userIds, { services }) => services.store.identities.ofUsers(userIds),
  },
  resolvers: {
    Viewer: {
      identities: (_: Viewer, args: PageArguments, context) =>
        pageOfIdentities(context.principal.kind === 'user' ? context.principal.id : null, args, context),
    },
    User: {
      identities: (user: UserRow, args: PageArguments, context) => pageOfIdentities(user.id, args, context),
    },
    Mutation: {
      unlinkIdentity: async (identity: IdentityRow, _args: object, context) => {
        await context.services.identities.unlink(identity.id, actorOf(context));
        return { identity };
      },
    },
  },
});

async function pageOfIdentities(
  userId: string | null,
  args: PageArguments,
  { load, services }: IdentityContext,
) {
  const identities = (userId === null ? null : await load.identitiesOf(userId)) ?? [];
  return pageOfList(services.cursors, args, identities, (identity) => identity.id);
}
