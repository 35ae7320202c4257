import { createSetup } from './accounts/setup.ts';
import { createDoor } from './authenticators/door.ts';
import type { PortcullisConfig, Settings } from './config/settings.ts';
import { parseSettings } from './config/load-config.ts';
import { loadSecrets } from './config/secrets.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { Clock } from './core/clock.ts';
import type { Log } from './core/log.ts';
import { type Foundation, openFoundation } from './foundation.ts';
import { createCursors } from './graphql/cursors.ts';
import { createGraphqlServer } from './graphql/server.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createHttpServer } from './http/http-server.ts';
import type { PolicyEngine } from './policy/engine.ts';
import { createServerLog } from './server-log.ts';
import { openRedis } from './sessions/redis-client.ts';
import { createRedisSessions } from './sessions/redis-sessions.ts';
import type { SessionBackend } from './sessions/sessions.ts';
import { createLoginThrottle } from './throttles/login-throttle.ts';

/** A server, built and not yet listening. */
export interface Portcullis {
  readonly settings: Settings;
  readonly accounts: Accounts;
  readonly policy: Pick<PolicyEngine, 'current' | 'status' | 'onChange'>;
  /** Takes requests once it resolves. */
  listen(): Promise<Listening>;
  /** Takes no more requests, finishes those in flight, then closes everything in reverse order. */
  close(): Promise<void>;
}

export interface Listening {
  readonly port: number;
  /** Where the first administrator is made, once, within a day; `null` where there is one. */
  readonly setupUrl: URL | null;
}

export interface ServerOptions {
  readonly log?: Log;
  readonly clock?: Clock;
}

/**
 * Builds a server from settings such as a configuration file exports. Relative paths are of the working directory.
 * @throws OperatorError with everything that must be mended first
 */
export const createPortcullis = (
  config: PortcullisConfig,
  options: ServerOptions = {},
): Promise<Portcullis> => openServer(parseSettings(config, process.cwd()), options);

/** The composition root: every part is made here, in the order in which each needs the ones before. */
export async function openServer(settings: Settings, options: ServerOptions = {}): Promise<Portcullis> {
  const secrets = loadSecrets(settings);
  const log = options.log ?? createServerLog(settings);
  const foundation = await openFoundation(settings, { ...options, log, role: 'server' });
  const { clock, store, policy, hasher, accounts, authenticators, provable } = foundation;
  let closeSessions = (): Promise<void> => Promise.resolve();
  const closeParts = async (): Promise<void> => {
    await closeSessions();
    await foundation.close();
  };
  try {
    const opened = await openSessions(foundation);
    const { sessions } = opened;
    ({ closeSessions } = opened);
    const throttle = createLoginThrottle({
      throttles: store.throttles,
      users: store.users,
      settings: settings.throttle,
      clock,
    });
    const door = createDoor({ authenticators, throttle, users: store.users, clock, log });
    const setup = createSetup({
      store,
      memberships: () => policy.current().rows.memberships,
      hasher,
      attributes: settings.attributes,
      minLength: settings.passwords.minLength,
      clock,
      log,
    });
    const graphql = createGraphqlServer({
      schema: foundation.schema,
      services: {
        store,
        sessions,
        sessionLimits: settings.sessions,
        policy,
        cursors: createCursors(secrets),
        clock,
      },
      settings: settings.graphql,
      production: settings.mode === 'production',
      clock,
      log,
    });
    const http = await createHttpServer({
      settings: { ...settings, secrets },
      door,
      setup,
      graphql,
      policy,
      store,
      sessions,
      authenticators: new Set(authenticators.keys()),
      provable,
      ...(settings.graphiqlQuery === undefined ? {} : { graphiqlQuery: settings.graphiqlQuery }),
      clock,
      log,
    });
    const { throttles } = store;
    const housekeeping = startHousekeeping({ sessions, throttles, limits: settings.sessions, clock, log });
    return {
      settings,
      accounts,
      policy,
      async listen() {
        await settings.started?.({ mode: settings.mode, accounts });
        const { port } = await http.listen();
        const token = await setup.issue();
        return {
          port,
          setupUrl: token === null ? null : new URL(`/setup?token=${token}`, settings.publicUrl),
        };
      },
      async close() {
        await http.close();
        await housekeeping.close();
        await closeParts();
      },
    };
  } catch (error) {
    // An open connection to Redis would keep the process from ending.
    await closeParts();
    throw error;
  }
}

/** Sessions live in the database, or in Redis where one is configured. */
async function openSessions({
  settings,
  store,
  log,
}: Foundation): Promise<{ sessions: SessionBackend; closeSessions: () => Promise<void> }> {
  if (settings.redisUrl === null) return { sessions: store.sessions, closeSessions: () => Promise.resolve() };
  const client = await openRedis(settings.redisUrl, log);
  const sessions = createRedisSessions({
    client,
    store,
    prefix: settings.redisPrefix,
    limits: settings.sessions,
  });
  return {
    sessions,
    closeSessions: async () => {
      await client.close();
    },
  };
}
