import { calculatePKCECodeChallenge } from 'openid-client';
import { Strategy } from 'passport-openidconnect';
import type { Clock } from '../../core/clock.ts';
import type { RedirectRequest } from '../request.ts';
import type { Discovered } from './discovered.ts';
import { asOutcome, ProviderUnreachable } from './faults.ts';
import { loginDeadlineMs } from './limits.ts';
import type { OidcOptions } from './options.ts';
import { type Done, handOver, knowProvider, type Parent } from './parent.ts';
import { prove, type Proved } from './prove.ts';
import type { Provider } from './provider.ts';
import { asKept, isKept, parseTransaction, startTransaction } from './transaction.ts';
import { untilAborted } from './until-aborted.ts';

export interface OidcStrategyNeeds {
  readonly options: OidcOptions;
  readonly label: string;
  readonly provider: Provider;
  readonly callbackUrl: URL;
  readonly clock: Clock;
  /** What a verified login becomes: the strategy's `user`. */
  readonly asUser: (proved: Proved) => object;
}

/** Asked for so that `auth_time` comes: where it is asked for, it must (OpenID Connect Core 1.0, section 3.1.2.1). */
const aYear = 365 * 24 * 60 * 60;

/**
 * passport-openidconnect as the front: it builds the redirect and maps the profile. It believes whatever an ID token says,
 * so it never sees a callback before the library has verified everything; then it is handed the verified tokens as if it
 * had fetched them.
 */
export class OidcStrategy extends Strategy {
  protected readonly needs: OidcStrategyNeeds;

  constructor(needs: OidcStrategyNeeds) {
    const { issuer, clientId } = needs.options;
    // The parent wants to be told everything when it is made; what discovery finds stands on the copy for each login.
    const unknownYet = {
      authorizationURL: issuer,
      tokenURL: issuer,
      userInfoURL: issuer,
      clientID: clientId,
      clientSecret: '',
      callbackURL: needs.callbackUrl.href,
    };
    super({ issuer, ...unknownYet }, (_issuer: string, _profile: unknown, done: Done) => {
      done(new ProviderUnreachable('nothing was verified'));
    });
    this.needs = needs;
  }

  override authenticate(request: Parameters<Strategy['authenticate']>[0]): void {
    const seen = request as unknown as RedirectRequest;
    const own = Object.create(this) as Parent;
    void goOn(own, seen, this.needs, (options) => {
      super.authenticate.call(own as unknown as Strategy, request, options);
    });
  }
}

/** Never rejects: whatever happens is an outcome. */
async function goOn(
  own: Parent,
  request: RedirectRequest,
  needs: OidcStrategyNeeds,
  askParent: (options: { scope?: string[] }) => void,
): Promise<void> {
  const { options, provider, label } = needs;
  const isCallback = isKept(request.session) || Object.keys(request.query).length > 0;
  try {
    const signal = AbortSignal.timeout(loginDeadlineMs);
    const discovered = await untilAborted(signal, provider.discover());
    knowProvider(own, discovered, options);
    await (isCallback ? callBack : start)(own, request, discovered, { ...needs, signal });
    const scope = options.scopes.filter((each) => each !== 'openid');
    // The parent puts openid in front by itself.
    askParent(scope.length === 0 ? {} : { scope });
  } catch (error) {
    own.error(asOutcome(error, label, secretsOf(request, options)));
  }
}

type StepNeeds = OidcStrategyNeeds & { readonly signal: AbortSignal };

async function start(
  own: Parent,
  request: RedirectRequest,
  { metadata }: Discovered,
  { clock }: StepNeeds,
): Promise<void> {
  const transaction = startTransaction(metadata.issuer, request.reauthenticate, clock);
  const challenge = await calculatePKCECodeChallenge(transaction.verifier);
  own.authorizationParams = () => ({
    nonce: transaction.nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...(request.reauthenticate ? { prompt: 'login', max_age: 0 } : { max_age: aYear }),
  });
  own._stateStore.store = (_request, _context, _state, _meta, done) => {
    request.session = asKept(transaction);
    done(null, transaction.state);
  };
}

async function callBack(
  own: Parent,
  request: RedirectRequest,
  discovered: Discovered,
  needs: StepNeeds,
): Promise<void> {
  const { issuer } = discovered.metadata;
  const transaction = parseTransaction(request.session, issuer, needs.clock);
  const proved = await prove(discovered, transaction, request.query, needs);
  handOver(own, proved, transaction, needs.asUser);
}

/** What no text may tell. */
const secretsOf = ({ query, session }: RedirectRequest, { clientSecret }: OidcOptions): string[] => {
  const kept: unknown = isKept(session) ? (session as { readonly oidc: unknown }).oidc : null;
  const texts = typeof kept === 'object' && kept !== null ? Object.values(kept) : [];
  const { code = '', state = '' } = query;
  return [
    code,
    state,
    clientSecret?.reveal() ?? '',
    ...texts.filter((each): each is string => typeof each === 'string'),
  ];
};
