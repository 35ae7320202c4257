import { PortcullisError } from '../core/errors.ts';
import { isLoopback } from '../core/loopback.ts';

const longestUrl = 8_000;
/** Bytes of JSON: sealed, with everything else, it must fit into a cookie. */
const longestKept = 2_000;

/** Where a browser may be sent: to https, or to this very machine; never with a name and password in the address. */
export function parseSentTo(given: unknown): URL | null {
  const text = given instanceof URL ? given.href : given;
  if (typeof text !== 'string' || text.length > longestUrl || !URL.canParse(text)) return null;
  const url = new URL(text);
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  return safe && url.username === '' && url.password === '' ? url : null;
}

/** The URL's own `state`; `null` where the protocol has none, or where it was pushed beforehand (RFC 9126). */
export function parseState(url: URL): string | null {
  const [state = null, ...more] = url.searchParams.getAll('state');
  if (more.length > 0) throw new Error('redirected with two states');
  return state === '' ? null : state;
}

/** What a strategy wrote into its session, as it will come back: JSON, and nothing that JSON can't say. */
export function parseKept(session: unknown): Readonly<Record<string, unknown>> {
  if (typeof session !== 'object' || session === null || Array.isArray(session)) {
    throw new Error('the session that it kept is no object');
  }
  const text = JSON.stringify(session) as string | undefined;
  if (text?.startsWith('{') !== true) throw new Error('the session that it kept is no JSON object');
  const bytes = Buffer.byteLength(text);
  if (bytes > longestKept) throw new Error(`it kept ${bytes} bytes; ${longestKept} are possible`);
  return JSON.parse(text) as Record<string, unknown>;
}

/** What people read where their provider is silent. */
export const doesNotAnswer = (label: string, detail: string): PortcullisError =>
  new PortcullisError('UNAVAILABLE', {
    message: `${label} does not answer. Try again in a moment, or log in another way.`,
    detail,
  });
