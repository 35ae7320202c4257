import { request } from 'node:http';
import { request as requestOverTls } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Every Set-Cookie line. */
  readonly setCookies: readonly string[];
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Every Set-Cookie line that any client of this process has seen. */
export const allSetCookies: string[] = [];

/**
 * A client with a cookie jar that sends just what it is told to: no Origin, no Sec-Fetch-*, unless asked. With a
 * certificate to trust it speaks TLS, to `localhost`.
 */
export function createClient(address: AddressInfo, trusted: string | null = null) {
  const jar = new Map<string, string>();
  const send = (path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const outgoing = (trusted === null ? request : requestOverTls)(
        {
          ...(trusted === null ? {} : { ca: trusted, servername: 'localhost' }),
          host: address.address,
          port: address.port,
          path,
          method,
          agent: false,
          headers: { ...(cookie === '' ? {} : { cookie }), ...headers },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const setCookies = incoming.headers['set-cookie'] ?? [];
            setCookies.forEach(keep);
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              text: Buffer.concat(chunks).toString('utf8'),
              setCookies,
            });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  const keep = (line: string): void => {
    allSetCookies.push(line);
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') jar.delete(name);
    else jar.set(name, value);
  };
  return {
    jar,
    send,
    get: (path: string, headers: Record<string, string> = {}) => send(path, { headers }),
    json: (path: string, value: unknown, headers: Record<string, string> = {}) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(value),
      }),
    form: (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(fields).toString(),
      }),
  };
}

export type Client = ReturnType<typeof createClient>;

/** The hidden field of a form on a page. */
export const hiddenField = (page: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
