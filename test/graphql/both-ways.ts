import { systemClock } from '../../src/core/clock.ts';
import { PortcullisError, type ErrorCode } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import { buildGuardedSchema } from '../../src/graphql/build-schema.ts';
import type { RequestState } from '../../src/graphql/context.ts';
import { createEngine } from '../../src/graphql/engine.ts';
import type { GraphqlRequest, GraphqlResponse } from '../../src/graphql/http-answer.ts';
import { defineModule } from '../../src/graphql/module.ts';
import { createOpenStreams } from '../../src/graphql/open-streams.ts';
import { createGraphqlServer } from '../../src/graphql/server.ts';
import { graphqlSettings, type GraphqlSettings } from '../../src/graphql/settings.ts';
import { answerShortWay, findShortWay } from '../../src/graphql/short-way.ts';
import { answerYogasWay } from '../../src/graphql/yogas-way.ts';
import { allowAll, recordingLog, stateFor } from './asking.ts';
import { Library, libraryModule } from './library.ts';
import { endless } from './endless.ts';

/** Logging in, as the core API has it: a name that is an error's code is refused with that error. */
const doorModule = defineModule<Library>({
  name: 'door',
  typeDefs: 'extend type Mutation { login(name: String!): String  logOut: String }',
  resolvers: {
    Mutation: {
      login: async (_source: never, { name }: { name: string }, { actions, services, requestId }) => {
        await actions.logIn({ authenticator: null, credentials: { name } });
        services.done.push(`${name} logged in at ${requestId}`);
        return name;
      },
      logOut: async (_source, _args, { actions }) => (await actions.logOut()).continueAt?.href ?? null,
    },
  },
  alone: ['Mutation.login'],
});

export const bothWaysSchema = buildGuardedSchema<Library>([libraryModule, doorModule]);

export const actions: RequestState['actions'] = {
  logIn: ({ credentials: { name = '' } }) =>
    name === name.toUpperCase()
      ? Promise.reject(new PortcullisError(name as ErrorCode, { detail: 'hunter2', retryAfter: 7 }))
      : Promise.resolve(),
  logOut: () => Promise.resolve({ continueAt: new URL('https://op.example/end') }),
};

/** What became of a request: what was answered, what was done, and what was said of it in the log. */
export interface Outcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly done: readonly string[];
  readonly log: readonly unknown[];
}

export interface Asked {
  readonly body: string;
  readonly accept?: string;
  readonly decisions?: RequestState['decisions'];
  readonly settings?: Partial<GraphqlSettings>;
}

/** One request, asked of three servers that know nothing of each other. */
export interface BothWays {
  /** By the short way; `null` where it is not taken. */
  readonly short: Outcome | null;
  readonly yogas: Outcome;
  /** By the server as it is, which picks its way itself. */
  readonly served: Outcome;
}

export async function askBothWays(asked: Asked): Promise<BothWays> {
  const sent: unknown = JSON.parse(asked.body);
  return {
    short: await outcomeOf(asked, (engine, request, log) => {
      const way = findShortWay(request.headers, sent);
      return way === null ? null : answerShortWay(engine, way, request.state, log);
    }),
    yogas: (await outcomeOf(asked, answerYogasWay))!,
    served: (await outcomeOf(asked, null))!,
  };
}

type Answer = (
  engine: ReturnType<typeof createEngine>,
  request: GraphqlRequest,
  log: Log,
) => Promise<GraphqlResponse> | null;

async function outcomeOf(asked: Asked, answer: Answer | null): Promise<Outcome | null> {
  const services = new Library();
  const log = recordingLog();
  const needs = {
    schema: bothWaysSchema,
    services,
    settings: { ...graphqlSettings.parse({}), ...asked.settings },
    production: true,
    clock: systemClock,
    log,
  };
  const request: GraphqlRequest = {
    method: 'POST',
    url: '/graphql',
    headers: {
      'content-type': 'application/json',
      ...(asked.accept === undefined ? {} : { accept: asked.accept }),
    },
    body: asked.body,
    state: stateFor(asked.decisions ?? allowAll, { actions }),
  };
  const answering =
    answer === null
      ? createGraphqlServer(needs).respond(request)
      : answer(createEngine(needs, createOpenStreams(endless)), request, log);
  if (answering === null) return null;
  const { status, headers, body } = await answering;
  return {
    status,
    headers,
    body: typeof body === 'string' ? body : await new Response(body).text(),
    done: services.done,
    log: log.lines.map(({ level, message }) => ({ level, message })),
  };
}
