import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, parse, type GraphQLSchema } from 'graphql';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { parseUsername } from '../../src/core/names.ts';
import { type Origin, originAs, originWithoutRequest } from '../../src/core/origin.ts';
import type { UserPrincipal } from '../../src/core/principal.ts';
import { buildGuardedSchema } from '../../src/graphql/build-schema.ts';
import type { RequestState } from '../../src/graphql/context.ts';
import { describeSchema } from '../../src/graphql/describe-schema.ts';
import { executeGuarded } from '../../src/graphql/guard/execute-guarded.ts';
import type { GuardedSchema } from '../../src/graphql/guard/guarded-schema.ts';
import { defineModule } from '../../src/graphql/module.ts';
import { coreModules } from '../../src/graphql/modules/core-modules.ts';
import type { CoreServices } from '../../src/graphql/modules/core-services.ts';
import type { Declarations } from '../../src/policy/declarations.ts';
import type { Decisions, RequestEnvironment } from '../../src/policy/decision.ts';
import type { PolicySnapshot } from '../../src/policy/snapshot.ts';
import { parcelResolvers, parcelTypeDefs, ownerId, type Parcel } from './parcels.ts';
import { benchGroups, otherTypeDefs } from './policy.ts';
import type { Side } from './side.ts';

const username = parseUsername('ann');
if (username === null) throw new Error('ann is a username');

/** Whoever is measured: logged in, in a handful of groups. */
export const benchPrincipal: UserPrincipal = {
  kind: 'user',
  subject: `user:${username}`,
  id: ownerId,
  username,
  groups: benchGroups,
  attributes: {},
  authentication: { authenticator: 'password', amr: ['pwd'], aal: 1, authTime: 0 },
};

const provable: RequestEnvironment['provable'] = { amr: ['pwd'], aal: 1 };

export const environmentNow = (): RequestEnvironment => ({ now: systemClock.now(), address: null, provable });

const typeDefs = `${parcelTypeDefs}\n${otherTypeDefs}`;

/** The whole API with the parcels in it, as a server has it. */
export const buildBenchSchema = (): GuardedSchema<CoreServices> =>
  buildGuardedSchema<CoreServices>([
    ...coreModules,
    defineModule<unknown>({
      name: 'bench',
      typeDefs,
      resolvers: parcelResolvers,
      facts: { Parcel: { owner: ({ owner }: Parcel) => owner } },
    }),
  ]);

export const declarationsOf = (schema: GuardedSchema<CoreServices>): Declarations => ({
  ...describeSchema(schema),
  attributes: {},
});

/** The same SDL and resolvers with nothing in front of them: what peers guard, too. */
export const buildUnguardedSchema = (): GraphQLSchema =>
  makeExecutableSchema({ typeDefs, resolvers: parcelResolvers });

export function unguardedSide(schema: GraphQLSchema): Side {
  return {
    name: 'unguarded',
    prepare(source) {
      const document = parse(source);
      return () => execute({ schema, document, contextValue: { user: { id: ownerId } } });
    },
  };
}

export function guardedSide(schema: GuardedSchema<CoreServices>, snapshot: PolicySnapshot): Side {
  const limits = { maxCost: 1_000_000, timeout: 60_000, suggestions: false };
  // No field of the documents asks for one.
  const services = {} as CoreServices;
  return {
    name: 'guarded',
    prepare(source) {
      const document = parse(source);
      return () =>
        executeGuarded<CoreServices>({
          schema,
          document,
          state: new BenchState(snapshot),
          services,
          limits,
          clock: systemClock,
          log: silentLog,
        });
    },
  };
}

/** Nobody logs in or out of what is measured. */
const actions: RequestState['actions'] = {
  logIn: () => Promise.resolve(),
  logOut: () => Promise.resolve({ continueAt: null }),
};

/** A request's own, as a server makes it: what only records ask for is made when they do. */
export class BenchState implements RequestState {
  readonly requestId = 'bench';
  readonly environment = environmentNow();
  readonly principal = benchPrincipal;
  readonly snapshot: PolicySnapshot;
  readonly decisions: Decisions;
  readonly sessionId = null;
  readonly actions = actions;

  constructor(snapshot: PolicySnapshot) {
    this.snapshot = snapshot;
    this.decisions = snapshot.decisionsFor(benchPrincipal, this.environment);
  }

  get origin(): Origin {
    return originAs(originWithoutRequest('anonymous'), benchPrincipal);
  }
}
