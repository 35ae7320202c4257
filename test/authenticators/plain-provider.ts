import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Profile, Strategy, type VerifyCallback } from 'passport-openidconnect';
import { z } from 'zod';
import type { ForeignIdentity } from '../../src/accounts/foreign-identity.ts';
import type { AuthenticatorDefinition } from '../../src/authenticators/authenticator.ts';

export interface Person {
  readonly sub: string;
  readonly preferred_username?: string;
  readonly name?: string;
}

/** A provider as small as can be: whoever comes is logged in as the person that it was told, and nobody verifies it. */
export interface PlainProvider {
  readonly issuer: string;
  person: Person;
  /** What it was asked at its first address, newest last. */
  readonly asked: URLSearchParams[];
  /** Codes that it gave out. */
  readonly codes: string[];
  /** Where it sends a browser that comes with that address. */
  send(url: URL): Promise<URL>;
  close(): Promise<void>;
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function startPlainProvider(): Promise<PlainProvider> {
  const given = new Map<string, { readonly person: Person; readonly nonce: string | null }>();
  const asked: URLSearchParams[] = [];
  const codes: string[] = [];

  function authorize(url: URL, response: ServerResponse): void {
    asked.push(url.searchParams);
    const code = randomBytes(16).toString('base64url');
    codes.push(code);
    given.set(code, { person: provider.person, nonce: url.searchParams.get('nonce') });
    const back = new URL(url.searchParams.get('redirect_uri') ?? '');
    back.searchParams.set('code', code);
    const state = url.searchParams.get('state');
    if (state !== null) back.searchParams.set('state', state);
    response.writeHead(302, { location: back.href }).end();
  }

  async function exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    const code = form.get('code') ?? '';
    const grant = given.get(code);
    given.delete(code);
    if (grant === undefined) {
      response.writeHead(400).end(JSON.stringify({ error: 'invalid_grant', error_description: code }));
      return;
    }
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: provider.issuer,
      aud: 'portcullis',
      iat: now,
      exp: now + 60,
      name: 'Nobody',
      ...grant.person,
    };
    const idToken = [{ alg: 'none' }, { ...claims, nonce: grant.nonce ?? undefined }]
      .map(base64url)
      .join('.');
    response.end(JSON.stringify({ access_token: 'access', token_type: 'Bearer', id_token: `${idToken}.` }));
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', provider.issuer);
    if (url.pathname === '/authorize') authorize(url, response);
    else if (url.pathname === '/token') void exchange(request, response);
    else response.end('somebody else’s page');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const provider: PlainProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    person: { sub: '1', preferred_username: 'pat', name: 'Pat' },
    asked,
    codes,
    async send(url) {
      const answer = await fetch(url, { redirect: 'manual' });
      return new URL(answer.headers.get('location') ?? '');
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return provider;
}

/**
 * passport-openidconnect's own strategy, just as its documentation says: it keeps its state in `req.session`, and knows
 * nothing of this project.
 */
export const plainAuthenticator = (
  provider: Pick<PlainProvider, 'issuer'>,
  changes: { readonly provision?: boolean; readonly authTime?: () => number | null } = {},
): AuthenticatorDefinition => ({
  name: 'plain',
  options: z.strictObject({}),
  create(_options, { name, callbackUrl }) {
    const verified = new WeakMap<object, ForeignIdentity>();
    const { issuer } = provider;
    const settings = {
      issuer,
      authorizationURL: `${issuer}/authorize`,
      tokenURL: `${issuer}/token`,
      userInfoURL: `${issuer}/userinfo`,
      clientID: 'portcullis',
      clientSecret: 'a secret',
      callbackURL: callbackUrl.href,
      nonce: 'yes',
    };
    const strategy = new Strategy(settings, (iss: string, profile: Profile, done: VerifyCallback) => {
      const user = {};
      verified.set(user, {
        issuer: iss,
        subject: profile.id,
        label: profile.displayName,
        username: profile.username ?? null,
        name: profile.displayName,
        email: null,
        groups: null,
        attributes: {},
      });
      done(null, user);
    });
    return {
      name,
      strategy,
      proves: { amr: ['fed'], aal: 1 },
      identify: (user) => {
        const identity = typeof user === 'object' && user !== null ? verified.get(user) : undefined;
        return Promise.resolve(
          identity === undefined
            ? { kind: 'none', reason: 'nobody it verified' }
            : {
                kind: 'identity',
                identity,
                authTime: changes.authTime?.() ?? null,
                logoutHint: `hint-of-${identity.subject}`,
              },
        );
      },
      redirect: {
        label: name === 'plain' ? 'Plain' : name,
        provision: changes.provision ?? true,
        logoutUrl: ({ hint, returnTo }) => {
          const url = new URL('/end', issuer);
          url.searchParams.set('id_token_hint', hint ?? '');
          url.searchParams.set('post_logout_redirect_uri', returnTo.href);
          return Promise.resolve(url);
        },
      },
    };
  },
});
