import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { challengeOf, randomToken, sign, textOf, type Header, type Keyring, type Payload } from './forge.ts';
import { clientId, clientSecret } from '../relying-party.ts';

/** What an honest provider would put into an ID token. */
export interface HonestToken {
  readonly header: Header;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly accessToken: string;
  readonly keys: Keyring;
  /** The token that it would send. */
  readonly token: string;
}

type Json = Readonly<Record<string, unknown>>;
export type Place = 'metadata' | 'keySet' | 'token' | 'userinfo';

/** Where a provider lies. Whatever is left out is honest. A text is sent as it stands, anything else as JSON. */
export interface Lies {
  readonly metadata?: (honest: Json) => unknown;
  readonly keySet?: (honest: { readonly keys: readonly Json[] }, keys: Keyring) => unknown;
  readonly idToken?: (honest: HonestToken) => unknown;
  readonly tokens?: (honest: Json) => unknown;
  readonly userinfo?: (honest: Json) => unknown;
  /** Answers that are no proper answers at all. */
  readonly raw?: Partial<Record<Place, (request: IncomingMessage, response: ServerResponse) => void>>;
}

export interface HostileProvider {
  readonly issuer: string;
  /** Every path that was asked for, in order, whoever asked. */
  readonly asked: readonly string[];
  /** Lets it lie in another way from now on. */
  lie(lies: Lies): void;
  /** Somebody logs in there: the query with which the browser comes back. */
  authorize(url: URL, subject?: string): Record<string, string>;
  close(): Promise<void>;
}

interface Granted {
  readonly nonce: string | null;
  readonly challenge: string | null;
  readonly redirectUri: string | null;
  readonly subject: string;
}

const paths: Readonly<Record<string, Place>> = {
  '/.well-known/openid-configuration': 'metadata',
  '/keys': 'keySet',
  '/token': 'token',
  '/userinfo': 'userinfo',
};

/**
 * A provider on this machine that does everything right but what it lies about: it wants the client's secret, PKCE with S256
 * and each code once, so that a client which leaves one of them out does not get a token.
 */
export async function startHostileProvider(keys: Keyring, first: Lies = {}): Promise<HostileProvider> {
  let lies = first;
  const asked: string[] = [];
  const granted = new Map<string, Granted>();
  const accessTokens = new Map<string, string>();
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '');
    asked.push(path);
    const place = paths[path];
    const raw = place === undefined ? undefined : lies.raw?.[place];
    if (raw !== undefined) raw(request, response);
    else void answer(place, request).then((content) => send(response, content));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;

  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    userinfo_endpoint: `${issuer}/userinfo`,
    end_session_endpoint: `${issuer}/logout`,
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    authorization_response_iss_parameter_supported: true,
  };

  async function answer(place: Place | undefined, request: IncomingMessage): Promise<Content> {
    switch (place) {
      case 'metadata':
        return { status: 200, body: (lies.metadata ?? same)(metadata) };
      case 'keySet':
        return { status: 200, body: await (lies.keySet ?? same)({ keys: [keys.own.jwk] }, keys) };
      case 'token':
        return redeem(await readForm(request), request.headers.authorization ?? '');
      case 'userinfo': {
        const sub = accessTokens.get((request.headers.authorization ?? '').replace('Bearer ', ''));
        if (sub === undefined) return { status: 401, body: { error: 'invalid_token' } };
        return { status: 200, body: (lies.userinfo ?? same)({ sub, name: 'Ann at Acme' }) };
      }
      case undefined:
        return { status: 404, body: {} };
    }
  }

  async function redeem(form: URLSearchParams, authorization: string): Promise<Content> {
    const code = form.get('code') ?? '';
    const grant = granted.get(code);
    granted.delete(code);
    if (authorization !== basic) return { status: 401, body: { error: 'invalid_client' } };
    const isTheirs =
      grant?.challenge === challengeOf(form.get('code_verifier') ?? '') &&
      grant.redirectUri === form.get('redirect_uri');
    if (!isTheirs) return { status: 400, body: { error: 'invalid_grant' } };
    const accessToken = randomToken();
    accessTokens.set(accessToken, grant.subject);
    const now = Math.floor(Date.now() / 1_000);
    const header = { alg: 'RS256', kid: 'own' };
    const claims = {
      iss: issuer,
      sub: grant.subject,
      aud: clientId,
      exp: now + 300,
      iat: now,
      auth_time: now,
      nonce: grant.nonce,
      // Another one at each provider: whoever got in by a lie would get an account.
      preferred_username: `ann-at-${new URL(issuer).port}`,
    };
    const token = await sign(keys.own.privateKey, header, claims);
    const idToken = (await lies.idToken?.({ header, claims, accessToken, keys, token })) ?? token;
    const tokens = { access_token: accessToken, token_type: 'Bearer', expires_in: 60, id_token: idToken };
    return { status: 200, body: (lies.tokens ?? same)(tokens) };
  }

  return {
    issuer,
    asked,
    lie(next) {
      lies = next;
    },
    authorize(url, subject = 'acme-1') {
      const code = randomToken();
      granted.set(code, {
        nonce: url.searchParams.get('nonce'),
        challenge:
          url.searchParams.get('code_challenge_method') === 'S256'
            ? url.searchParams.get('code_challenge')
            : null,
        redirectUri: url.searchParams.get('redirect_uri'),
        subject,
      });
      return { code, state: url.searchParams.get('state') ?? '', iss: issuer };
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}

const same = <Value>(honest: Value): Value => honest;

const basic = `Basic ${Buffer.from(
  [clientId, clientSecret].map((each) => new URLSearchParams({ '': each }).toString().slice(1)).join(':'),
).toString('base64')}`;

interface Content {
  readonly status: number;
  readonly body: unknown;
}

function send(response: ServerResponse, { status, body }: Content): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  // `undefined` is an empty body: JSON has no such thing.
  response.end(body === undefined ? '' : typeof body === 'string' ? body : textOf(body as Payload));
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += String(part);
  return new URLSearchParams(text);
}
