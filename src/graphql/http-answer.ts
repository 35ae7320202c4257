import { errorCatalogue, type ErrorCode } from '../core/errors.ts';
import type { RequestState } from './context.ts';

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
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text, or the events of a subscription: cancel the stream when the client has left. */
  readonly body: string | ReadableStream<Uint8Array>;
}

/** What is refused before anything is made of it. */
export function refusal(code: ErrorCode, sentence?: string): GraphqlResponse {
  const { status, message } = errorCatalogue[code];
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ errors: [{ message: sentence ?? message, extensions: { code } }] }),
  };
}
