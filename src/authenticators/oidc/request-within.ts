import type { LookupAddress } from 'node:dns';
import { request as sendPlain, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as sendSecure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { ProviderUnreachable, reasonOf } from './faults.ts';
import type { ResolveHost } from './resolve-host.ts';

export interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface Limits {
  readonly signal: AbortSignal;
  /** Bytes of a body; more are not read. */
  readonly longest: number;
  /** Whether that address may be connected to. It is asked of every address, at the moment of connecting. */
  readonly mayReach: (address: string, hostname: string) => boolean;
  readonly resolveHost: ResolveHost;
}

export interface Answered {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: Uint8Array;
  /** The address that answered. */
  readonly address: string;
}

/**
 * One request to a provider: no redirect is followed, no cookie kept, no connection reused, nothing decompressed, and the
 * whole body is there or the request failed. Made on node:http because fetch can't be told where it may connect to: a
 * name that is checked first and resolved again by fetch may have moved to an address inside meanwhile (DNS rebinding).
 *
 * Rejects with ProviderUnreachable, whatever happened.
 */
export async function requestWithin(url: URL, asked: Asked, limits: Limits): Promise<Answered> {
  try {
    checkLiteral(url, limits);
    const { response, address } = await send(url, asked, limits);
    const body = await readBody(response, limits.longest);
    return {
      status: response.statusCode ?? 0,
      contentType: response.headers['content-type'] ?? null,
      body,
      address,
    };
  } catch (error) {
    if (error instanceof ProviderUnreachable) throw error;
    throw new ProviderUnreachable(
      `${url.host}: ${limits.signal.aborted ? 'no answer in time' : reasonOf(error)}`,
    );
  }
}

/** An address in place of a name is never looked up, so nobody would ask about it later. */
function checkLiteral(url: URL, { mayReach }: Limits): void {
  const host = hostOf(url);
  if (isIP(host) !== 0 && !mayReach(host, host)) throw notReachable(host, host);
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

const notReachable = (hostname: string, address: string): ProviderUnreachable =>
  new ProviderUnreachable(
    `${hostname} stands at ${address}, an address inside, and the issuer does not (trustedHosts lifts this)`,
  );

interface Begun {
  readonly response: IncomingMessage;
  readonly address: string;
}

function send(url: URL, { method, headers, body }: Asked, limits: Limits): Promise<Begun> {
  const options: RequestOptions = {
    method,
    headers: { ...headers, 'accept-encoding': 'identity' },
    agent: false,
    lookup: lookupWithin(limits),
    signal: limits.signal,
  };
  return new Promise((resolve, reject) => {
    const sent = url.protocol === 'https:' ? sendSecure(url, options) : sendPlain(url, options);
    sent.on('response', (response) => {
      // Later the connection may be gone, and nobody knows any more where it led.
      resolve({ response, address: response.socket.remoteAddress ?? '' });
    });
    sent.on('error', reject);
    sent.on('close', () => {
      reject(new Error('closed without an answer'));
    });
    sent.end(body ?? undefined);
  });
}

function lookupWithin({ mayReach, resolveHost }: Limits): LookupFunction {
  return (hostname, options, callback) => {
    const settle = (addresses: readonly LookupAddress[]): void => {
      const [first, ...others] = addresses.filter(({ address }) => mayReach(address, hostname));
      if (first === undefined) callback(notReachable(hostname, addresses[0]?.address ?? 'nowhere'), []);
      else if (options.all === true) callback(null, [first, ...others]);
      else callback(null, first.address, first.family);
    };
    resolveHost(hostname).then(settle, (error: unknown) => {
      callback(error as NodeJS.ErrnoException, []);
    });
  };
}

/** Of a body. A million pieces of one byte each would keep this process busy for seconds, and everybody in it waiting. */
const mostPieces = 10_000;

function readBody(response: IncomingMessage, longest: number): Promise<Uint8Array> {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  const parts: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const refuse = (reason: string): void => {
      reject(new Error(reason));
      response.destroy();
    };
    // Not by iterating: that joins what has come meanwhile, and nobody would see how many pieces it came in.
    response.on('data', (part: Buffer) => {
      if (response.destroyed) return;
      bytes += part.length;
      if (bytes > longest) refuse(`the answer has more than ${longest} bytes`);
      else if (parts.push(part) > mostPieces) refuse(`the answer comes in more than ${mostPieces} pieces`);
    });
    response.on('error', reject);
    response.on('close', () => {
      if (response.complete) resolve(Buffer.concat(parts));
      else reject(new Error('the answer broke off'));
    });
    if (encoding !== 'identity') refuse('the answer is compressed, and nobody asked for that');
  });
}
