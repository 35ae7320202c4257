import {
  getOperationAST,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  type Source,
} from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { DecisionTally } from '../policy/decision-tally.ts';
import { intoCatalogue } from './catalogue-codes.ts';
import type { RequestState } from './context.ts';
import { createDocumentCache } from './document-cache.ts';
import { checkEnginePlugins, type EnginePlugin } from './engine-plugin.ts';
import type { RecordDenial } from './guard/denied-field.ts';
import { type Answer, executeGuarded } from './guard/execute-guarded.ts';
import { findDenial } from './guard/find-denial.ts';
import type { GuardedSchema } from './guard/guarded-schema.ts';
import { parseWithin, validateWithin } from './limits.ts';
import { maskError } from './mask-error.ts';
import { type ObserveOperation, unobserved } from './observe-operation.ts';
import type { OpenStreams } from './open-streams.ts';
import { ServedExecution } from './served-execution.ts';
import { sessionEnded } from './stream-endings.ts';
import type { GraphqlSettings } from './settings.ts';

export interface EngineNeeds<Services> {
  /** Nothing but a guarded schema is served: a plain one is a type error, and throws. */
  readonly schema: GuardedSchema<Services>;
  readonly services: Services;
  readonly settings: GraphqlSettings;
  /** In production, messages don't name what the caller could have meant: they would tell the schema. */
  readonly production: boolean;
  /** Where denials are recorded; in the log where nothing is said. */
  readonly recordDenial?: RecordDenial;
  /** Where decisions are counted, and who watches operations; nowhere and nobody where nothing is said. */
  readonly tally?: DecisionTally;
  readonly observe?: ObserveOperation;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ServerContext {
  readonly state: RequestState;
}

export type Engine = YogaServerInstance<{ state: RequestState }, object>;

/** Documents come from anybody: so many of them, so long each, so long all together. */
const documentLimits = { documents: 500, length: 10_000, total: 250_000 };

/** Yoga with our parser, limits and executor in the place of its own, and nothing of its own around an operation. */
export function createEngine<Services>(
  needs: EngineNeeds<Services>,
  streams: OpenStreams<ExecutionResult>,
): Engine {
  const { log } = needs;
  return createYoga<{ state: RequestState }>({
    schema: needs.schema,
    plugins: checkEnginePlugins([guardedExecution(needs, streams)]),
    graphiql: false,
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    // What reads the body has bounded it already.
    maxRequestBodySize: false,
    // Any address that ends so would be answered as healthy; none ends with a space.
    healthCheckEndpoint: ' ',
    maskedErrors: { isDev: false, maskError },
    // Ours keeps both, and keeps no faults.
    parserAndValidationCache: false,
    // Node's own classes: a stream of Yoga's ponyfill is none that Node can pipe.
    fetchAPI: { Request, Response, Headers, ReadableStream },
    logging: {
      debug: () => undefined,
      info: () => undefined,
      warn: (...what: unknown[]) =>
        log.warn({ event: 'graphql.warned', what: what.map(String) }, 'GraphQL over HTTP warned.'),
      error: (err: unknown) => log.error({ event: 'graphql.failed', err }, 'GraphQL over HTTP failed.'),
    },
  });
}

function guardedExecution<Services>(
  needs: EngineNeeds<Services>,
  streams: OpenStreams<ExecutionResult>,
): EnginePlugin<ServerContext> {
  const { schema, settings, observe = unobserved } = needs;
  const limits = { ...settings, suggestions: !needs.production };
  const served = { ...needs, limits };
  const run = (args: ExecutionArgs) => {
    const { state } = args.contextValue as ServerContext;
    const operation = getOperationAST(args.document, args.operationName);
    return observe<ExecutionResult | AsyncIterable<ExecutionResult>>(
      { type: operation?.operation ?? 'query', name: operation?.name?.value ?? null },
      (tellErrors) => {
        const execution = new ServedExecution(served, args, state);
        const renew = async (): Promise<ExecutionResult | null> => {
          const renewed = await (execution.state.renew?.() ?? execution.state);
          if (renewed === null) return sessionEnded();
          execution.state = renewed;
          return findDenial(execution);
        };
        const tell = (answer: Answer): ExecutionResult | AsyncIterable<ExecutionResult> => {
          if (Symbol.asyncIterator in answer) return streams.keep(answer, renew);
          if (answer.errors !== undefined)
            tellErrors(answer.errors.map(({ extensions }) => String(extensions['code'])));
          return answer;
        };
        const answer = executeGuarded(execution);
        return answer instanceof Promise ? answer.then(tell) : tell(answer);
      },
    );
  };
  const documents = createDocumentCache<DocumentNode>(documentLimits);
  const parse = (source: string | Source): DocumentNode => {
    const text = typeof source === 'string' ? source : source.body;
    let document = documents.get(text);
    if (document === undefined) documents.set(text, (document = parseWithin(limits, source)));
    return document;
  };
  const faults = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  const validate = (_schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] => {
    let found = faults.get(document);
    if (found === undefined) {
      found = validateWithin(limits, schema, document, limits).map(intoCatalogue);
      faults.set(document, found);
    }
    return found;
  };
  return {
    onParse({ setParseFn }) {
      setParseFn(parse);
    },
    onValidate({ setValidationFn }) {
      setValidationFn(validate);
    },
    onExecute({ setExecuteFn }) {
      setExecuteFn(run);
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(run);
    },
  };
}
