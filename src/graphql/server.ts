import type { ExecutionResult } from 'graphql';
import { createTurns } from '../core/turns.ts';
import { createEngine, type EngineNeeds } from './engine.ts';
import { rulesOf, type GuardedSchema } from './guard/guarded-schema.ts';
import { refusal, type GraphqlRequest, type GraphqlResponse } from './http-answer.ts';
import { createOpenStreams } from './open-streams.ts';
import { answerShortWay, findShortWay } from './short-way.ts';
import { notChecked, serverCloses } from './stream-endings.ts';
import { answerYogasWay } from './yogas-way.ts';

export type { GraphqlRequest, GraphqlResponse } from './http-answer.ts';
export type GraphqlServerNeeds<Services> = EngineNeeds<Services>;

export interface GraphqlServer<Services> {
  readonly schema: GuardedSchema<Services>;
  /** Answers as GraphQL over HTTP says. Never rejects. */
  respond(request: GraphqlRequest): Promise<GraphqlResponse>;
  /** Subscriptions that are being answered. */
  openStreams(): number;
  /** Every subscription gets an UNAVAILABLE error that says to connect again, and is completed; later ones too. */
  endStreams(): void;
}

/** Milliseconds. What ends a session, or what it is allowed, acts on its streams within a second. */
const checkups = { every: 700, patience: 5_000 };

/** Serves a guarded schema: JSON in, JSON or (for subscriptions) server-sent events out. */
export function createGraphqlServer<Services>(needs: GraphqlServerNeeds<Services>): GraphqlServer<Services> {
  rulesOf(needs.schema);
  const { log } = needs;
  const streams = createOpenStreams<ExecutionResult>({
    farewell: serverCloses,
    unchecked: notChecked,
    ...checkups,
    clock: needs.clock,
  });
  const engine = createEngine(needs, streams);
  const turns = createTurns(needs.clock);

  const respond = (request: GraphqlRequest): Promise<GraphqlResponse> | GraphqlResponse => {
    if (request.method !== 'POST') {
      return isWellFormed(request.url) ? answerYogasWay(engine, request) : noJson();
    }
    if (!isJson(request.headers['content-type'])) return refusal('UNSUPPORTED_MEDIA_TYPE');
    const sent = parseJson(request.body ?? '');
    if (sent === undefined) return noJson();
    const shortWay = findShortWay(request.headers, sent);
    return shortWay === null
      ? answerYogasWay(engine, request)
      : answerShortWay(engine, shortWay, request.state, log);
  };

  return {
    schema: needs.schema,
    async respond(request) {
      try {
        // Documents that many send at once would be parsed, checked and run one after the other, and all else would wait.
        const turn = turns.take();
        if (turn !== null) await turn;
        return await respond(request);
      } catch (err) {
        const { requestId } = request.state;
        log.error({ event: 'graphql.failed', err, requestId }, 'GraphQL over HTTP failed.');
        return refusal('INTERNAL');
      }
    },
    openStreams: () => streams.size,
    endStreams: () => {
      streams.endAll();
    },
  };
}

/** Yoga answers some of these 200, and some 500. */
const noJson = (): GraphqlResponse => refusal('BAD_USER_INPUT', 'Send well-formed JSON.');

function isJson(contentType: string | readonly string[] | undefined): boolean {
  return (
    contentType === 'application/json' ||
    (typeof contentType === 'string' && /^application\/json\s*(;|$)/i.test(contentType.trim()))
  );
}

/** `undefined` where the text is no JSON: no JSON is `undefined`. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The members of a query string that are JSON. */
function isWellFormed(url: string): boolean {
  const query = url.indexOf('?');
  if (query < 0) return true;
  const sent = new URLSearchParams(url.slice(query));
  return ['variables', 'extensions'].every((name) => {
    const text = sent.get(name) ?? '';
    return text === '' || parseJson(text) !== undefined;
  });
}
