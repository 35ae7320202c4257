import type { Audit } from '../audit/audit.ts';
import type { Identities } from '../accounts/identities.ts';
import type { Setup } from '../accounts/setup.ts';
import type { Door } from '../authenticators/login.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Secret } from '../core/secret.ts';
import type { GraphqlServer } from '../graphql/server.ts';
import type { RequestEnvironment } from '../policy/decision.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { SessionBackend } from '../sessions/sessions.ts';
import type { SessionLimits } from '../store/contract/sessions.ts';
import type { Store } from '../store/store.ts';
import type { ObserveRequest } from './observe-request.ts';

export interface HttpSettings {
  readonly mode: 'development' | 'production';
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The origin that browsers use: links, cookies and origin checks come from it, never from a request. */
  readonly publicUrl: URL;
  /** Addresses and networks (CIDR) whose X-Forwarded-For and X-Request-Id are believed. */
  readonly trustedProxies: readonly string[];
  /** Other origins whose pages may call /graphql with cookies. */
  readonly corsOrigins: readonly string[];
  /** Bytes. */
  readonly bodyLimit: number;
  readonly secrets: readonly Secret[];
  readonly sessions: SessionLimits;
}

/** How long a client may take, in milliseconds. The defaults suit a server behind a proxy or in front of browsers. */
export interface Patience {
  /** Until the last header. */
  readonly headers: number;
  /** Until the last byte of the body. */
  readonly request: number;
  /** Between two requests of one connection. */
  readonly keepAlive: number;
  /** Without a byte in either direction. */
  readonly stall: number;
  /** When the server closes: while requests are still taken, and /readyz says that it is not ready. */
  readonly lead: number;
  /** After that: for requests in flight. */
  readonly drain: number;
}

export interface HttpNeeds {
  readonly settings: HttpSettings;
  readonly patience?: Partial<Patience>;
  readonly door: Door;
  /** The first administrator's one-time link. */
  readonly setup: Pick<Setup, 'isValid' | 'complete'>;
  readonly graphql: Pick<GraphqlServer<never>, 'respond' | 'endStreams'>;
  readonly policy: Pick<PolicyEngine, 'atEpoch' | 'current' | 'status'>;
  readonly store: Pick<Store, 'check' | 'identities' | 'users'>;
  readonly identities: Pick<Identities, 'unlink'>;
  readonly sessions: SessionBackend;
  /** Names of the enabled authenticators: a session that another one made ends. */
  readonly authenticators: ReadonlySet<string>;
  /** What a login here could prove. */
  readonly provable: RequestEnvironment['provable'];
  /** The query that GraphiQL opens with. */
  readonly graphiqlQuery?: string;
  readonly audit: Pick<Audit, 'record'>;
  /** Who measures and traces requests; nobody where nothing is said. */
  readonly observe?: ObserveRequest;
  readonly clock: Clock;
  readonly log: Log;
}
