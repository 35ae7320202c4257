import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';

/** What is registered at the provider, in its own words. */
export type RegisteredClient = NonNullable<Configuration['clients']>[number];

export interface RealProviderOptions {
  readonly clients: readonly RegisteredClient[];
  /** Claims by subject. */
  readonly people: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly settings?: Configuration;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** The signature's algorithm; RS256 where nothing else is said. */
  readonly algorithm?: string;
}

export interface RealProvider {
  readonly issuer: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  /** New keys, and none of the old ones: the provider is the same, and nobody is logged in there. */
  rotate(): Promise<void>;
  /** A browser of its own, in which that person is the one who logs in. It goes where it is sent, up to the callback. */
  browser(subject: string): ProviderBrowser;
  close(): Promise<void>;
}

export interface ProviderBrowser {
  /** Who logs in when they are asked. */
  subject: string;
  /** The address outside that the provider sends the browser to. */
  follow(url: URL): Promise<URL>;
}

/** The certified provider of panva, on this machine: whoever the browser says logs in, without a page. */
export async function startRealProvider({
  clients,
  people,
  settings = {},
  port = 0,
  algorithm = 'RS256',
}: RealProviderOptions): Promise<RealProvider> {
  const asked: string[] = [];
  let answer: RequestListener;
  const server = createServer((request, response) => {
    asked.push((request.url ?? '').replace(/\?.*/, ''));
    answer(request, response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;

  async function renew(): Promise<void> {
    const provider = new Provider(issuer, {
      clients: clients.map((client) => ({
        id_token_signed_response_alg: algorithm,
        ...client,
      })) as RegisteredClient[],
      jwks: { keys: [await createKey(algorithm)] },
      cookies: { keys: [randomBytes(32).toString('base64url')] },
      claims: { openid: ['sub'], ...claimsOf(people) },
      scopes: ['openid', 'profile', 'email'],
      pkce: { required: () => true },
      ttl: {
        AccessToken: 600,
        AuthorizationCode: 60,
        IdToken: 600,
        Interaction: 600,
        Session: 3_600,
        Grant: 3_600,
      },
      findAccount: (_ctx, id) =>
        people[id] === undefined ? undefined : { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
      features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
      interactions: { url: (_ctx, { uid }) => `/sign-in/${uid}` },
      async loadExistingGrant(ctx) {
        const { client, account } = ctx.oidc;
        if (client === undefined || account === undefined) return undefined;
        // One for all tabs of a browser: a new one would make void what the others wait for.
        const known = ctx.oidc.session?.grantIdFor(client.clientId);
        if (known !== undefined) return ctx.oidc.provider.Grant.find(known);
        const grant = new ctx.oidc.provider.Grant({
          clientId: client.clientId,
          accountId: account.accountId,
        });
        grant.addOIDCScope('openid profile email');
        await grant.save();
        return grant;
      },
      ...settings,
    });
    provider.use(async (ctx, next) => {
      if (!ctx.path.startsWith('/sign-in/')) {
        await next();
        return;
      }
      ctx.respond = false;
      const accountId = ctx.get('x-person');
      const result = accountId === '' ? { error: 'access_denied' } : { login: { accountId } };
      await provider.interactionFinished(ctx.req, ctx.res, result);
    });
    const listener = provider.callback();
    answer = (request, response) => void listener(request, response);
  }

  await renew();
  return {
    issuer,
    asked,
    rotate: renew,
    browser: (subject) => createBrowser(issuer, subject),
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

/** Every claim of anybody goes with the scope profile. */
const claimsOf = (people: RealProviderOptions['people']) => ({
  profile: [...new Set(Object.values(people).flatMap((claims) => Object.keys(claims)))],
});

async function createKey(algorithm: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const kid = randomBytes(8).toString('hex');
  return { ...(await exportJWK(privateKey)), use: 'sig', alg: algorithm, kid };
}

/** A browser that keeps the provider's cookies and shows nothing. */
function createBrowser(issuer: string, subject: string): ProviderBrowser {
  const cookies = new Map<string, string>();
  return {
    subject,
    async follow(url) {
      let at = url;
      for (let hops = 0; at.origin === new URL(issuer).origin; hops += 1) {
        if (hops === 20) throw new Error(`The provider sends the browser around: ${at.href}`);
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const headers = { 'x-person': this.subject, cookie };
        const response = await fetch(at, { redirect: 'manual', headers });
        for (const line of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          if (value === '') cookies.delete(name);
          else cookies.set(name, value);
        }
        const location = response.headers.get('location');
        if (location === null)
          throw new Error(`The provider shows a page: ${response.status} ${await response.text()}`);
        await response.body?.cancel();
        at = new URL(location, at);
      }
      return at;
    },
  };
}
