import type { Engine } from './engine.ts';
import type { GraphqlRequest, GraphqlResponse } from './http-answer.ts';

/** Answers through Yoga's own HTTP handler: everything that the short way does not take. */
export async function answerYogasWay(
  engine: Engine,
  { method, url, headers, body, state }: GraphqlRequest,
): Promise<GraphqlResponse> {
  const query = url.indexOf('?');
  const response = await engine.fetch(
    `http://portcullis/graphql${query < 0 ? '' : url.slice(query)}`,
    { method, headers: headersFor(method, headers), ...(method === 'POST' ? { body: body ?? '' } : {}) },
    { state },
  );
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: isStream(response) ? response.body : await response.text(),
  };
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
