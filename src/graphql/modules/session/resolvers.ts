import type { SessionRow } from '../../../store/store.ts';
import type { Context } from '../../context.ts';
import { defineModule } from '../../module.ts';
import { pageOfList, type PageArguments } from '../../pagination.ts';
import type { CoreServices } from '../core-services.ts';
import { viewer, type Viewer } from '../viewer/resolvers.ts';
import { sessionFacts } from './facts.ts';

/** What somebody logs in with. */
interface LoginInput {
  readonly authenticator?: string | null;
  readonly username: string;
  readonly password: string;
}

/** Logging in and out, and one's own sessions. */
export const sessionModule = defineModule<CoreServices, { readonly ownSession: SessionRow }>({
  name: 'session',
  typeDefs: new URL('./schema.graphql', import.meta.url),
  facts: sessionFacts,
  acts: {
    'Mutation.endSession': {
      on: 'Session',
      load: (args: { input: { id: string } }, load) => load.ownSession(args.input.id),
    },
  },
  alone: ['Mutation.login', 'Mutation.logout'],
  loaders: {
    ownSession: async (ids, context) => {
      const own = await listOwn(context);
      return new Map(own.filter(({ publicId }) => ids.includes(publicId)).map((row) => [row.publicId, row]));
    },
  },
  resolvers: {
    Viewer: {
      sessions: async (_: Viewer, args: PageArguments, context) =>
        pageOfList(context.services.cursors, args, await listOwn(context), (session) => session.publicId),
    },
    Session: {
      id: (session: SessionRow) => session.publicId,
      authentication: ({ authenticator, amr, aal, authTime }: SessionRow) => ({
        authenticator,
        amr,
        aal,
        authTime,
      }),
      current: (session: SessionRow, _args: object, { sessionId }) => session.publicId === sessionId,
    },
    Mutation: {
      login: async (_: unknown, { input }: { input: LoginInput }, { actions }) => {
        const { authenticator = null, username, password } = input;
        await actions.logIn({ authenticator, credentials: { username, password } });
        return { viewer };
      },
      logout: async (_: unknown, _args: object, { actions }) => {
        await actions.logOut();
        return { viewer };
      },
      endSession: async (session: SessionRow, _args: object, { services }) => {
        await services.sessions.endByPublicId(session.userId, session.publicId, services.clock.now());
        return { session };
      },
    },
  },
});

async function listOwn({ principal, services }: Context<CoreServices>): Promise<readonly SessionRow[]> {
  if (principal.kind !== 'user') return [];
  return services.sessions.list(principal.id, { ...services.sessionLimits, now: services.clock.now() });
}
