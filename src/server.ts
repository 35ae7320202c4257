import { hostname } from 'node:os';
import { createSetup } from './accounts/setup.ts';
import { recordPolicyChanges } from './audit/record-policy-changes.ts';
import { createDoor } from './authenticators/door.ts';
import type { PortcullisConfig, Settings } from './config/settings.ts';
import { parseSettings } from './config/load-config.ts';
import { loadSecrets } from './config/secrets.ts';
import type { Accounts } from './accounts/accounts.ts';
import { type Clock, systemClock } from './core/clock.ts';
import type { Log } from './core/log.ts';
import type { WorkerPlace } from './core/worker-place.ts';
import { openFoundation } from './foundation.ts';
import { createCursors } from './graphql/cursors.ts';
import { recordDenials } from './graphql/record-denials.ts';
import { createGraphqlServer } from './graphql/server.ts';
import { createHealth } from './health/health.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createHttpServer } from './http/http-server.ts';
import { shutdownTimes } from './http/shutdown-settings.ts';
import { openSessions } from './open-sessions.ts';
import type { PolicyEngine } from './policy/engine.ts';
import { createServerLog } from './server-log.ts';
import { createMetricsListener, type MetricsListener } from './telemetry/metrics-listener.ts';
import { createTelemetry, type Telemetry } from './telemetry/telemetry.ts';
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
  /** The port of the metrics; `null` where they have none. */
  readonly metricsPort: number | null;
  /** Where the first administrator is made, once, within a day; `null` where there is one. */
  readonly setupUrl: URL | null;
}

export interface ServerOptions {
  readonly log?: Log;
  readonly clock?: Clock;
}

/** A server as the command runs it: alone, or as one of several workers. */
export interface OpenServer extends Portcullis {
  readonly readMetrics: Telemetry['read'];
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
export async function openServer(
  settings: Settings,
  options: ServerOptions & { readonly place?: WorkerPlace } = {},
): Promise<OpenServer> {
  const { place = null } = options;
  const secrets = loadSecrets(settings);
  const log = options.log ?? createServerLog(settings);
  const telemetry = createTelemetry({
    process: settings.metrics.port !== null,
    clock: options.clock ?? systemClock,
  });
  const { observePolicyLoad, observeOperation, observeRequest, tally } = telemetry;
  const foundation = await openFoundation(settings, {
    ...options,
    log,
    role: 'server',
    joins: place !== null,
    observePolicyLoad,
  });
  const { clock, store, policy, audit, hasher, accounts, identities, authenticators, provable } = foundation;
  try {
    const node = place === null ? hostname() : `${hostname()} worker ${place.worker}`;
    await recordPolicyChanges({ policy, audit, trail: store.audit, node });
    const sessions = await openSessions(foundation);
    const throttle = createLoginThrottle({
      throttles: store.throttles,
      users: store.users,
      settings: settings.throttle,
      clock,
    });
    const door = createDoor({
      authenticators,
      throttle,
      users: store.users,
      usedStates: store.usedStates,
      identities,
      audit,
      clock,
      log,
    });
    const setup = createSetup({
      store,
      policy,
      audit,
      hasher,
      attributes: settings.attributes,
      minLength: settings.passwords.minLength,
      clock,
    });
    const graphql = createGraphqlServer({
      schema: foundation.schema,
      services: {
        store,
        accounts,
        identities,
        audit,
        sessions,
        sessionLimits: settings.sessions,
        policy,
        health: createHealth({
          ...{ store, sessions, policy, audit, hasher, clock },
          limits: settings.sessions,
          kept: settings.redisUrl === null ? 'database' : 'redis',
        }),
        cursors: createCursors(secrets),
        clock,
      },
      settings: settings.graphql,
      production: settings.mode === 'production',
      recordDenial: recordDenials(audit),
      tally,
      observe: observeOperation,
      clock,
      log,
    });
    telemetry.watchParts({ policy, audit, hasher, store, graphql });
    const enabled = new Set(authenticators.keys());
    const http = await createHttpServer({
      settings: { ...settings, secrets },
      patience: shutdownTimes(settings.shutdown, settings.mode),
      door: telemetry.watchDoor(door, enabled),
      setup,
      graphql,
      policy,
      store,
      sessions,
      audit,
      identities,
      authenticators: enabled,
      provable,
      ...(settings.graphiqlQuery === undefined ? {} : { graphiqlQuery: settings.graphiqlQuery }),
      observe: observeRequest,
      clock,
      log,
    });
    const housekeeping = startHousekeeping({
      sessions,
      throttles: store.throttles,
      usedStates: store.usedStates,
      audit: store.audit,
      limits: settings.sessions,
      keepAudit: settings.audit.keep,
      clock,
      log,
    });
    const metrics = place === null ? metricsOf(settings, telemetry, log) : null;
    return {
      settings,
      accounts,
      policy,
      readMetrics: telemetry.read,
      async listen() {
        if (place === null || place.worker === 1)
          await settings.started?.({ mode: settings.mode, publicUrl: settings.publicUrl, accounts });
        const metricsPort = (await metrics?.listen())?.port ?? null;
        const { port } = await http.listen();
        // Every new link ends the one before, which somebody may be about to open.
        const first = place === null || (place.worker === 1 && !place.replaces);
        const token = first ? await setup.issue() : null;
        return {
          port,
          metricsPort,
          setupUrl: token === null ? null : new URL(`/setup?token=${token}`, settings.publicUrl),
        };
      },
      async close() {
        await http.close();
        await metrics?.close();
        await housekeeping.close();
        await foundation.close();
      },
    };
  } catch (error) {
    // An open connection to Redis would keep the process from ending.
    await foundation.close();
    throw error;
  }
}

/** Metrics are served where they have a port. */
function metricsOf({ metrics }: Settings, { render }: Telemetry, log: Log): MetricsListener | null {
  const { host, port } = metrics;
  return port === null ? null : createMetricsListener({ host, port, render, log });
}
