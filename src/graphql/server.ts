import {
  getOperationAST,
  GraphQLError,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  type Source,
} from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Clock } from '../core/clock.ts';
import { errorCatalogue, PortcullisError, type ErrorCode } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { DecisionTally } from '../policy/decision-tally.ts';
import { intoCatalogue } from './catalogue-codes.ts';
import type { RequestState } from './context.ts';
import { createDocumentCache, noCache } from './document-cache.ts';
import type { RecordDenial } from './guard/denied-field.ts';
import { executeGuarded } from './guard/execute-guarded.ts';
import { rulesOf, type GuardedSchema } from './guard/guarded-schema.ts';
import { publicError } from './guard/public-error.ts';
import { parseWithin, validateWithin } from './limits.ts';
import { type ObserveOperation, unobserved } from './observe-operation.ts';
import { createOpenStreams, type OpenStreams } from './open-streams.ts';
import type { GraphqlSettings } from './settings.ts';

export interface GraphqlServerNeeds<Services> {
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

/** One HTTP request for `/graphql`, its body read and its size checked already. */
export interface GraphqlRequest {
  readonly method: string;
  /** Path and query string; only the query string is looked at. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string | null;
  readonly state: RequestState;
}

export interface GraphqlResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text, or the events of a subscription: cancel the stream when the client has left. */
  readonly body: string | ReadableStream<Uint8Array>;
}

export interface GraphqlServer<Services> {
  readonly schema: GuardedSchema<Services>;
  /** Answers as GraphQL over HTTP says. Never rejects. */
  respond(request: GraphqlRequest): Promise<GraphqlResponse>;
  /** Subscriptions that are being answered. */
  openStreams(): number;
  /** Every subscription gets an UNAVAILABLE error that says to connect again, and is completed; later ones too. */
  endStreams(): void;
}

type ServerContext = { state: RequestState };

/** Serves a guarded schema: JSON in, JSON or (for subscriptions) server-sent events out. */
export function createGraphqlServer<Services>(needs: GraphqlServerNeeds<Services>): GraphqlServer<Services> {
  rulesOf(needs.schema);
  const streams = createOpenStreams<ExecutionResult>(serverCloses);
  const yoga = createYoga<ServerContext>({
    schema: needs.schema,
    plugins: [guardedEngine(needs, streams)],
    graphiql: false,
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    // Any address that ends so would be answered as healthy; none ends with a space.
    healthCheckEndpoint: ' ',
    maskedErrors: { isDev: false, maskError },
    parserAndValidationCache: {
      documentCache: createDocumentCache<DocumentNode>({ documents: 500, length: 10_000 }),
      errorCache: noCache,
    },
    // Node's own classes: a stream of Yoga's ponyfill is none that Node can pipe.
    fetchAPI: { Request, Response, Headers, ReadableStream },
    logging: {
      debug: () => undefined,
      info: () => undefined,
      warn: (...what: unknown[]) =>
        needs.log.warn({ event: 'graphql.warned', what: what.map(String) }, 'GraphQL over HTTP warned.'),
      error: (err: unknown) => needs.log.error({ event: 'graphql.failed', err }, 'GraphQL over HTTP failed.'),
    },
  });

  return {
    schema: needs.schema,
    async respond({ method, url, headers, body, state }) {
      if (method === 'POST' && !isJson(headers['content-type'])) return refusal('UNSUPPORTED_MEDIA_TYPE');
      const query = url.indexOf('?');
      const sent = new URLSearchParams(query < 0 ? '' : url.slice(query));
      const inUrl = [sent.get('variables') ?? '', sent.get('extensions') ?? ''].filter((text) => text !== '');
      const texts = method === 'POST' ? [body ?? ''] : inUrl;
      // Yoga answers some of these 200, and some 500.
      if (!texts.every(isJsonText)) return refusal('BAD_USER_INPUT', 'Send well-formed JSON.');
      try {
        const response = await yoga.fetch(
          `http://portcullis/graphql${query < 0 ? '' : url.slice(query)}`,
          {
            method,
            headers: headersFor(method, headers),
            ...(method === 'POST' ? { body: body ?? '' } : {}),
          },
          { state },
        );
        return {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body: isStream(response) ? response.body : await response.text(),
        };
      } catch (err) {
        needs.log.error(
          { event: 'graphql.failed', err, requestId: state.requestId },
          'GraphQL over HTTP failed.',
        );
        return refusal('INTERNAL');
      }
    },
    openStreams: () => streams.size,
    endStreams: () => {
      streams.endAll();
    },
  };
}

const serverCloses = (): ExecutionResult => ({
  data: null,
  errors: [
    publicError(
      new PortcullisError('UNAVAILABLE', { message: 'The server is closing. Connect again in a moment.' }),
    ),
  ],
});

/** Puts our parser, limits and executor in the place of Yoga's. All of it sits below the request level, where nothing skips it. */
function guardedEngine<Services>(
  needs: GraphqlServerNeeds<Services>,
  streams: OpenStreams<ExecutionResult>,
): Plugin<ServerContext> {
  const { schema, services, settings, observe = unobserved, clock, log } = needs;
  const limits = { ...settings, suggestions: !needs.production };
  const counted = needs.tally === undefined ? {} : { tally: needs.tally };
  const recorded = needs.recordDenial === undefined ? {} : { recordDenial: needs.recordDenial };
  const run = ({ document, variableValues, operationName, contextValue }: ExecutionArgs) => {
    const { state } = contextValue as ServerContext;
    const operation = getOperationAST(document, operationName);
    return observe(
      { type: operation?.operation ?? 'query', name: operation?.name?.value ?? null },
      async (tellErrors) => {
        const answer = await executeGuarded({
          schema,
          document,
          variables: variableValues,
          operationName,
          state,
          services,
          limits,
          ...counted,
          ...recorded,
          clock,
          log,
        });
        if (Symbol.asyncIterator in answer) return streams.keep(answer);
        tellErrors((answer.errors ?? []).map(({ extensions }) => String(extensions['code'])));
        return answer;
      },
    );
  };
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string | Source) => parseWithin(limits, source));
    },
    onValidate({ setValidationFn }) {
      setValidationFn((_schema: GraphQLSchema, document: DocumentNode) =>
        validateWithin(limits, schema, document, limits).map(intoCatalogue),
      );
    },
    onExecute({ setExecuteFn }) {
      setExecuteFn(run);
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(run);
    },
  };
}

/** Yoga's own errors are of the request and keep their sentence; what was not made to be read by anybody is masked. */
function maskError(error: unknown): Error {
  if (
    error instanceof GraphQLError &&
    (error.originalError === undefined || error.originalError instanceof GraphQLError)
  ) {
    return intoCatalogue(error);
  }
  return publicError(error instanceof PortcullisError ? error : new PortcullisError('INTERNAL'));
}

function refusal(code: ErrorCode, sentence?: string): GraphqlResponse {
  const { status, message } = errorCatalogue[code];
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ errors: [{ message: sentence ?? message, extensions: { code } }] }),
  };
}

function isJson(contentType: string | readonly string[] | undefined): boolean {
  return typeof contentType === 'string' && /^application\/json\s*(;|$)/i.test(contentType.trim());
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const isStream = (response: Response): response is Response & { body: ReadableStream<Uint8Array> } =>
  response.body !== null && response.headers.get('content-type')?.startsWith('text/event-stream') === true;

/** The media type without its parameters: it has been looked at, and some parameters make Yoga refuse the body. */
const headersFor = (method: string, headers: GraphqlRequest['headers']): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    if (method === 'POST' && name.toLowerCase() === 'content-type') return [[name, 'application/json']];
    return [[name, typeof value === 'string' ? value : value.join(', ')]];
  });
