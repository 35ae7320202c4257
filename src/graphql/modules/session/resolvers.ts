import type { SessionRow } from '../../../store/contract/sessions.ts';
import type { UserRow } from '../../../store/contract/users.ts';
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

/** Logging in and out, and where people are logged in. */
export const sessionModule = defineModule<CoreServices, { readonly session: SessionRow }>({
  name: 'session',
  typeDefs: new URL('./schema.graphql', import.meta.url),
  facts: sessionFacts,
  acts: {
    'Mutation.endSession': {
      on: 'Session',
      load: (args: { input: { id: string } }, load) => load.session(args.input.id),
    },
  },
  alone: ['Mutation.login', 'Mutation.logout'],
  loaders: {
    session: async (ids, { services }) => {
      const alive = aliveNow(services);
      const found = await Promise.all(ids.map((id) => services.sessions.findByPublicId(id, alive)));
      return new Map(found.flatMap((session) => (session === null ? [] : [[session.publicId, session]])));
    },
  },
  resolvers: {
    Viewer: {
      sessions: (_: Viewer, args: PageArguments, { principal, services }) =>
        pageOfSessions(principal.kind === 'user' ? principal.id : null, args, services),
    },
    User: {
      sessions: (user: UserRow, args: PageArguments, { services }) => pageOfSessions(user.id, args, services),
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
        const { continueAt } = await actions.logOut();
        return { viewer, continueAt: continueAt === null ? null : { url: continueAt.href } };
      },
      endSession: async (session: SessionRow, _args: object, { origin, services }) => {
        const { userId, publicId } = session;
        // `false` where it ended meanwhile, which is what was asked for.
        if (await services.sessions.endByPublicId(userId, publicId, services.clock.now())) {
          services.audit.record({
            event: 'session.ended',
            origin,
            accountId: userId,
            details: { session: publicId, authenticator: session.authenticator },
          });
        }
        return { session };
      },
    },
  },
});

const aliveNow = ({ sessionLimits, clock }: CoreServices) => ({ ...sessionLimits, now: clock.now() });

async function pageOfSessions(userId: string | null, args: PageArguments, services: CoreServices) {
  const sessions = userId === null ? [] : await services.sessions.list(userId, aliveNow(services));
  return pageOfList(services.cursors, args, sessions, (session) => session.publicId);
}
