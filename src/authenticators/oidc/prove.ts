import { authorizationCodeGrant, fetchUserInfo, type IDToken, type UserInfoResponse } from 'openid-client';
import type { Clock } from '../../core/clock.ts';
import { checkIdToken } from './check-id-token.ts';
import type { Discovered } from './discovered.ts';
import { isWrongSignature, LoginUnproved } from './faults.ts';
import type { OidcOptions } from './options.ts';
import type { Transaction } from './transaction.ts';

/** What a provider said and the library verified. */
export interface Proved {
  readonly claims: IDToken;
  readonly userinfo: UserInfoResponse | null;
  readonly idToken: string;
  readonly accessToken: string;
}

export interface ProveNeeds {
  readonly options: OidcOptions;
  readonly callbackUrl: URL;
  readonly clock: Clock;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

/**
 * The authorization code grant of one callback. The library checks `state` and `iss` of the callback (RFC 9207), redeems
 * the code with its PKCE verifier (RFC 7636), and checks the ID token's signature by the provider's key set, `iss`, `aud`,
 * `exp`, `nbf`, types and `nonce`; ours follow in check-id-token.ts.
 *
 * Rejects with the library's errors, ProviderUnreachable or LoginUnproved.
 */
export async function prove(
  discovered: Discovered,
  transaction: Transaction,
  query: Readonly<Record<string, string>>,
  { options, callbackUrl, clock, signal }: ProveNeeds,
): Promise<Proved> {
  const configuration = discovered.configure(signal);
  const answered = new URL(callbackUrl);
  answered.search = new URLSearchParams(query).toString();
  const tokens = await authorizationCodeGrant(configuration, answered, {
    expectedState: transaction.state,
    expectedNonce: transaction.nonce,
    pkceCodeVerifier: transaction.verifier,
    idTokenExpected: true,
  }).catch((error: unknown) => {
    // The provider may have changed a key without changing its name: those at hand are not trusted any further. After
    // nothing else: a stranger with a code of their own invention would have everybody after them fetch the keys.
    if (isWrongSignature(error)) discovered.dropKeys();
    throw error;
  });
  discovered.keepKeys(configuration);

  const claims = tokens.claims();
  const { id_token: idToken, access_token: accessToken } = tokens;
  if (claims === undefined || idToken === undefined) throw new LoginUnproved('no ID token');
  const now = Math.floor(clock.now() / 1_000);
  checkIdToken({ claims, idToken, accessToken, clientId: options.clientId, transaction, now });

  const hasUserinfo = options.userinfo && discovered.metadata.userinfo_endpoint !== undefined;
  // Section 5.3.2: of another `sub` than the ID token's, nothing is taken.
  const userinfo = hasUserinfo ? await fetchUserInfo(configuration, accessToken, claims.sub) : null;
  return { claims, userinfo, idToken, accessToken };
}
