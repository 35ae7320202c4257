import type { ExecutionResult } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import type { Log } from '../core/log.ts';
import type { RequestState } from './context.ts';
import type { Engine } from './engine.ts';
import type { GraphqlRequest, GraphqlResponse } from './http-answer.ts';
import { findJsonType, type JsonType } from './json-type.ts';
import { maskError } from './mask-error.ts';
import { renderResult } from './render-result.ts';

/** An operation whose answer is one result, in a media type that both sides have. */
export interface ShortWay {
  readonly params: GraphQLParams;
  readonly type: JsonType;
}

/**
 * The short way for a posted body that has been parsed; `null` where it must go Yoga's. That is whatever is no operation,
 * whatever might be answered by a stream (a document without the keyword has no subscription), and whoever takes no JSON.
 */
export function findShortWay({ accept }: GraphqlRequest['headers'], sent: unknown): ShortWay | null {
  if (!isParams(sent) || sent.query.includes('subscription')) return null;
  const type = findJsonType(typeof accept === 'string' ? accept : (accept?.join(', ') ?? ''));
  return type === null ? null : { params: sent, type };
}

/** An object with a query. Yoga looks at the rest itself. */
const isParams = (sent: unknown): sent is { query: string } =>
  typeof sent === 'object' &&
  sent !== null &&
  !Array.isArray(sent) &&
  'query' in sent &&
  typeof sent.query === 'string';

/** All that the engine asks of a request here is its method, to refuse mutations by GET. */
const posted = new Request('http://portcullis/graphql', { method: 'POST' });

/** From the members of the body straight to their result: no request is taken apart and no response is put together. */
export async function answerShortWay(
  engine: Engine,
  { params, type }: ShortWay,
  state: RequestState,
  log: Log,
): Promise<GraphqlResponse> {
  return renderResult(await resultOf(engine, params, state, log), type);
}

async function resultOf(
  engine: Engine,
  params: GraphQLParams,
  state: RequestState,
  log: Log,
): Promise<ExecutionResult> {
  let result: ExecutionResult | AsyncIterable<ExecutionResult> | undefined;
  try {
    result = await engine.getResultForParams({ params, request: posted }, { state });
  } catch (error) {
    const masked = maskError(error);
    if (masked !== error) log.error({ event: 'graphql.failed', err: error }, 'GraphQL over HTTP failed.');
    return { errors: [masked] };
  }
  if (result === undefined || Symbol.asyncIterator in result) {
    throw new TypeError('An operation that is no subscription was answered by a stream, or by nothing.');
  }
  return result;
}
