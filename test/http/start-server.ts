import type { AddressInfo } from 'node:net';
import { operator } from '../../src/accounts/actor.ts';
import type { Accounts } from '../../src/accounts/accounts.ts';
import { createAccounts } from '../../src/accounts/create-accounts.ts';
import { createIdentities } from '../../src/accounts/create-identities.ts';
import { createSetup, type Setup } from '../../src/accounts/setup.ts';
import { createAudit } from '../../src/audit/create-audit.ts';
import { createDoor } from '../../src/authenticators/door.ts';
import { provable } from '../../src/authenticators/provable.ts';
import { type AuthenticatorEntry, loadAuthenticators } from '../../src/authenticators/registry.ts';
import { newToken } from '../../src/core/ids.ts';
import { Secret } from '../../src/core/secret.ts';
import { buildGuardedSchema } from '../../src/graphql/build-schema.ts';
import { describeSchema } from '../../src/graphql/describe-schema.ts';
import { defineModule } from '../../src/graphql/module.ts';
import { createGraphqlServer } from '../../src/graphql/server.ts';
import { graphqlSettings } from '../../src/graphql/settings.ts';
import { createHttpServer, type HttpServer } from '../../src/http/http-server.ts';
import type { HttpNeeds, HttpSettings, Patience } from '../../src/http/needs.ts';
import type { PolicySnapshot } from '../../src/policy/snapshot.ts';
import type { AuditRow } from '../../src/store/contract/audit.ts';
import type { Store } from '../../src/store/store.ts';
import { createLoginThrottle } from '../../src/throttles/login-throttle.ts';
import { loginThrottleSettings } from '../../src/throttles/settings.ts';
import { cheapHasher } from '../accounts/cheap-hasher.ts';
import { openPolicy } from '../authenticators/open-policy.ts';
import { manualClock } from '../sessions/manual-clock.ts';
import { openTestStore } from '../store/open-test-store.ts';
import { type Client, createClient } from './client.ts';
import { type Logbook, logbook } from './logbook.ts';

export const password = 'correct horse battery staple';

/** What the mutation of the test schema did: nothing may be done by a request that was refused. */
interface Done {
  executed: string[];
}

export interface TestServer {
  readonly server: HttpServer;
  readonly address: AddressInfo;
  readonly store: Store;
  readonly accounts: Accounts;
  readonly setup: Setup;
  readonly clock: ReturnType<typeof manualClock>;
  readonly log: Logbook;
  /** A snapshot of the test policy with more rows. */
  policyOf(rows: readonly string[]): Promise<PolicySnapshot>;
  /** Every record of the trail so far, oldest first. */
  records(): Promise<readonly AuditRow[]>;
  readonly done: Done;
  client(): Client;
  /** Another HTTP server on the same store, accounts and policy: quicker than a new one. Close it before this one. */
  another(options?: TestServerOptions): Promise<TestServer>;
  /** A client that has logged in as ann. */
  loggedIn(): Promise<Client>;
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly settings?: Partial<HttpSettings>;
  readonly patience?: Partial<Patience>;
  /** Replaces parts of what the server is built from. */
  readonly change?: (needs: HttpNeeds) => HttpNeeds;
  readonly attempts?: number;
  /** The password alone, where nothing is said. */
  readonly authenticators?: readonly AuthenticatorEntry[];
}

/** The seed of secrets that no log, page or header may show. */
export const seededSecret = 'seeded-secret-7f3a9c';

const testModule = defineModule<Done>({
  name: 'test',
  typeDefs: `
    type Query { whoami: String  fail: String  stream: String }
    type Mutation {
      act(what: String): String
      login(username: String, password: String): String
      logout: String
      unlinkIdentity: String
    }
    type Subscription { ticks: Int }
  `,
  resolvers: {
    Query: {
      whoami: (_source, _args, { principal }) => principal.subject,
      fail: () => {
        throw new Error(`relation "passwords" ${seededSecret}`);
      },
    },
    Mutation: {
      act: (_source: never, { what }: { what: string }, { services }) => {
        services.executed.push(what);
        return what;
      },
      login: async (_source: never, credentials: Record<string, string>, context) => {
        await context.actions.logIn({ authenticator: 'password', credentials });
        return context.principal.subject;
      },
      logout: async (_source, _args, context) => {
        const { continueAt } = await context.actions.logOut();
        return continueAt?.href ?? context.principal.subject;
      },
    },
    Subscription: {
      ticks: {
        subscribe: async function* () {
          for (let tick = 0; ; tick += 1) {
            yield { ticks: tick };
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        },
      },
    },
  },
  alone: ['Mutation.login', 'Mutation.logout'],
});

/** The whole server but its command line: real store, accounts, door, policy and GraphQL, on a schema of its own. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const clock = manualClock(Date.now());
  const log = logbook();
  const opened = await openTestStore('embedded');
  const { store } = opened;
  const hasher = cheapHasher();
  const schema = buildGuardedSchema([testModule]);
  const declarations = { ...describeSchema(schema), attributes: {} };
  const everything = ['Query.*', 'Mutation.*', 'Subscription.*'].map(
    (object) => `p, everyone, ${object}, *, allow`,
  );
  const policy = await openPolicy({ store, rows: everything, declarations, clock, log });
  const policyOf = async (rows: readonly string[]): Promise<PolicySnapshot> => {
    const other = await openPolicy({ store, rows: [...everything, ...rows], declarations, clock, log });
    await other.close();
    return other.current();
  };
  const audit = createAudit({ store, settings: { queue: 1_000 }, clock, log });
  const account = { store, policy, audit, hasher, attributes: {}, minLength: 12, clock, log };
  const accounts = createAccounts(account);
  const setup = createSetup(account);
  const identities = createIdentities({ store, audit, policy, attributes: {}, clock });
  const throttleOf = (attempts = 10_000) =>
    createLoginThrottle({
      throttles: store.throttles,
      users: store.users,
      settings: loginThrottleSettings.parse({
        perAccountAndNetwork: attempts,
        perNetwork: attempts,
        overall: 10_000,
      }),
      clock,
    });
  const done: Done = { executed: [] };
  const graphql = createGraphqlServer({
    schema,
    services: done,
    settings: graphqlSettings.parse({}),
    production: true,
    clock,
    log,
  });
  await accounts.create({ username: 'ann', password, name: 'Ann' }, operator);

  const start = async (chosen: TestServerOptions, close: () => Promise<void>): Promise<TestServer> => {
    const throttle = throttleOf(chosen.attempts);
    const publicUrl = chosen.settings?.publicUrl ?? new URL('http://localhost:4000');
    const authenticators = await loadAuthenticators(chosen.authenticators ?? [{ use: 'password' }], {
      accounts,
      importModule: () => Promise.reject(new Error('none')),
      publicUrl,
      attributes: {},
      clock,
      log,
    });
    const needs: HttpNeeds = {
      settings: {
        mode: 'production',
        host: '127.0.0.1',
        port: 0,
        publicUrl,
        trustedProxies: [],
        corsOrigins: [],
        bodyLimit: 100_000,
        secrets: [new Secret(newToken())],
        sessions: { idle: 3_600_000, absolute: 86_400_000 },
        ...chosen.settings,
      },
      ...(chosen.patience === undefined ? {} : { patience: chosen.patience }),
      door: createDoor({ ...store, authenticators, throttle, identities, audit, clock, log }),
      setup,
      graphql,
      policy,
      store,
      sessions: store.sessions,
      authenticators: new Set(authenticators.keys()),
      provable: provable(authenticators.values()),
      audit,
      identities,
      clock,
      log,
    };
    const server = await createHttpServer(chosen.change?.(needs) ?? needs);
    const address = await server.listen();
    const client = () => createClient(address);
    return {
      server,
      address,
      store,
      accounts,
      setup,
      clock,
      log,
      done,
      client,
      policyOf,
      records: async () => {
        while (audit.status().queued > 0) await new Promise((resolve) => setTimeout(resolve, 20));
        return store.audit.since(null, 1_000);
      },
      another: (other = {}) => start(other, () => Promise.resolve()),
      loggedIn: async () => {
        const each = client();
        const query = 'mutation ($p: String) { login(username: "ann", password: $p) }';
        await each.json('/graphql', { query, variables: { p: password } });
        return each;
      },
      close: async () => {
        await server.close();
        await close();
      },
    };
  };

  return start(options, async () => {
    await audit.close();
    await policy.close();
    await hasher.close();
    await opened.close();
  });
}
