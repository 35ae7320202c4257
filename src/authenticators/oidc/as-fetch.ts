import type { CustomFetch } from 'openid-client';
import { ProviderUnreachable } from './faults.ts';
import type { Answered, Asked } from './request-within.ts';

/** Lets the library make its requests in our way. */
export const asFetch =
  (request: (url: URL, asked: Asked) => Promise<Answered>): CustomFetch =>
  async (url, asked) =>
    asResponse(await request(new URL(url), parseAsked(asked)));

/** The bodies that the library sends are forms. */
function parseAsked({ method, headers, body }: Parameters<CustomFetch>[1]): Asked {
  if (body === null || body === undefined) return { method, headers, body: null };
  if (body instanceof URLSearchParams) return { method, headers, body: body.toString() };
  throw new ProviderUnreachable('a request with a body that is no form');
}

const hasNoBody: ReadonlySet<number> = new Set([204, 205, 304]);

/** Of the headers, the library gets the type of the body and nothing else to read. */
function asResponse({ status, contentType, body }: Answered): Response {
  // `Response` throws at what is no final status, and at a body where there can be none.
  if (status < 200 || status > 599) throw new ProviderUnreachable(`the answer has the status ${status}`);
  return new Response(hasNoBody.has(status) ? null : body.slice(), {
    status,
    headers: contentType === null ? {} : { 'content-type': contentType },
  });
}
