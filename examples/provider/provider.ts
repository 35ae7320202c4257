import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import type { Account, KoaContextWithOIDC, default as Provider } from 'oidc-provider';
import { renderMessage, renderSignIn, renderSignOut } from './pages.ts';
import { providerPassword, providerPeople, type ProviderPerson } from './people.ts';

export interface ProviderOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly client: {
    readonly id: string;
    readonly secret: string;
    readonly redirectUris: readonly string[];
    readonly postLogoutRedirectUris: readonly string[];
  };
}

export interface RunningProvider {
  readonly issuer: string;
  close(): Promise<void>;
}

/**
 * An OpenID Provider on this machine, with people of its own: for the demo and for tests. It keeps everything in memory
 * and makes new keys at each start.
 */
export async function startProvider({ port, client }: ProviderOptions): Promise<RunningProvider> {
  const server = createServer();
  // It goes with the process that it serves: neither it nor a browser's open connection keeps that one alive.
  server.unref();
  server.on('connection', (socket) => socket.unref());
  server.listen(port, 'localhost');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const unwarn = withoutWarnings();
  const { default: OidcProvider } = await import('oidc-provider');
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const provider: Provider = new OidcProvider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        client_name: 'Portcullis',
        redirect_uris: [...client.redirectUris],
        post_logout_redirect_uris: [...client.postLogoutRedirectUris],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = renderSignOut(form);
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = renderMessage('Signed out at Acme', 'You may close this page.');
        },
      },
    },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      IdToken: 600,
      Interaction: 600,
      Session: 3_600,
      Grant: 3_600,
    },
    interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = renderMessage('That did not work', out.error_description ?? out.error);
    },
    findAccount: (_ctx, id) => accountOf(providerPeople.find((person) => person.id === id)),
    // Whoever signs in agrees: there is one client, and it is theirs.
    async loadExistingGrant(ctx) {
      const { oidc } = ctx;
      if (oidc.client === undefined || oidc.account === undefined) return undefined;
      // One for all tabs of a browser: a new one would make void what the others wait for.
      const known = oidc.session?.grantIdFor(oidc.client.clientId);
      if (known !== undefined) return oidc.provider.Grant.find(known);
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.account.accountId,
      });
      grant.addOIDCScope('openid profile email groups');
      await grant.save();
      return grant;
    },
  });
  unwarn();
  provider.use((ctx, next) => (/^\/sign-in\/[\w-]+$/.test(ctx.path) ? signIn(provider, ctx) : next()));
  const answer = provider.callback();
  server.on('request', (request, response) => void answer(request, response));
  return {
    issuer,
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

const accountOf = (person: ProviderPerson | undefined): Account | undefined =>
  person === undefined
    ? undefined
    : {
        accountId: person.id,
        claims: () => ({
          sub: person.id,
          name: person.name,
          preferred_username: person.username,
          email: person.email,
          email_verified: true,
          groups: [...person.groups],
        }),
      };

/** It warns of Node 20, on which its code flow works, and of memory, which is what is wanted here. */
/* eslint-disable no-console -- the provider warns there and nowhere else */
function withoutWarnings(): () => void {
  const { warn } = console;
  console.warn = () => undefined;
  return () => {
    console.warn = warn;
  };
}
/* eslint-enable no-console */

type Visit = Pick<
  KoaContextWithOIDC,
  'req' | 'res' | 'path' | 'method' | 'type' | 'body' | 'status' | 'respond'
>;

/** The provider's own login form: GET shows it, POST goes on where the interaction came from. */
async function signIn(provider: Provider, ctx: Visit): Promise<void> {
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const show = (error: string | null): void => {
    ctx.type = 'html';
    ctx.body = renderSignIn(ctx.path, String(params['client_id']), error);
  };
  if (ctx.method !== 'POST') {
    show(null);
    return;
  }
  const form = await readForm(ctx.req);
  const person = providerPeople.find(({ username }) => username === form.get('username'));
  if (person === undefined || !isPassword(form.get('password') ?? '')) {
    ctx.status = 401;
    show('Acme knows nobody by that name and password.');
    return;
  }
  ctx.respond = false;
  await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: person.id } });
}

const isPassword = (typed: string): boolean => {
  const [given, wanted] = [Buffer.from(typed), Buffer.from(providerPassword)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > 10_000) throw new Error('The form is too long.');
  }
  return new URLSearchParams(text);
}
