import type { Discovered } from './discovered.ts';
import { ProviderUnreachable } from './faults.ts';
import type { OidcOptions } from './options.ts';
import type { Proved } from './prove.ts';
import type { Transaction } from './transaction.ts';

export type Done = (error: Error | null, user?: object) => void;

/** What the parent reads of itself; its types show only a part. On a copy for each login, never on the strategy. */
export interface Parent {
  _issuer: string;
  _oauth2: {
    readonly _authorizeUrl: string;
    readonly _accessTokenUrl: string;
    readonly _clientId: string;
    getOAuthAccessToken(
      code: unknown,
      params: unknown,
      done: (error: null, accessToken: string, refreshToken: undefined, params: { id_token: string }) => void,
    ): void;
    get(url: unknown, accessToken: unknown, done: (error: null, body: string) => void): void;
  };
  _stateStore: {
    store(
      request: unknown,
      context: unknown,
      state: unknown,
      meta: unknown,
      done: (error: null, state: string) => void,
    ): void;
    verify(
      request: unknown,
      state: unknown,
      done: (error: null, context: { readonly nonce: string }) => void,
    ): void;
  };
  _skipUserProfile: boolean;
  _verify: (issuer: unknown, profile: unknown, done: Done) => void;
  authorizationParams: () => Readonly<Record<string, string | number>>;
  authenticate(request: unknown, options?: { readonly scope: readonly string[] }): void;
  error(error: Error): void;
}

/** What discovery found; and that nothing was verified yet. */
export function knowProvider(own: Parent, { metadata }: Discovered, { clientId }: OidcOptions): void {
  const notYet = (): never => {
    throw new ProviderUnreachable('nothing was verified');
  };
  own._issuer = metadata.issuer;
  own._oauth2 = {
    // As a browser reads it: the parent takes addresses apart in an older way.
    _authorizeUrl: new URL(metadata.authorization_endpoint).href,
    _accessTokenUrl: metadata.token_endpoint,
    _clientId: clientId,
    getOAuthAccessToken: notYet,
    get: notYet,
  };
  own._stateStore = { store: notYet, verify: notYet };
}

/** Everything that the parent would fetch and check: it finds what was verified, and nothing else. */
export function handOver(
  own: Parent,
  proved: Proved,
  { nonce }: Transaction,
  asUser: (proved: Proved) => object,
): void {
  const { claims, userinfo, accessToken } = proved;
  own._stateStore.verify = (_request, _state, done) => {
    done(null, { nonce });
  };
  own._oauth2.getOAuthAccessToken = (_code, _params, done) => {
    done(null, accessToken, undefined, { id_token: asParentReads(claims) });
  };
  own._oauth2.get = (_url, _accessToken, done) => {
    done(null, JSON.stringify(userinfo));
  };
  own._skipUserProfile = userinfo === null;
  own._verify = (_issuer, _profile, done) => {
    done(null, asUser(proved));
  };
}

/**
 * The parent decodes a token's middle part and looks at `exp` again, without any tolerance: a token that the library took
 * within the clocks' skew would fail there.
 */
const asParentReads = (claims: Proved['claims']): string =>
  `.${Buffer.from(JSON.stringify({ ...claims, exp: Number.MAX_SAFE_INTEGER })).toString('base64url')}.`;
