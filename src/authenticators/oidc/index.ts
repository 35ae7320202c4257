import { OperatorError } from '../../core/errors.ts';
import type { AttributeDeclarations } from '../../accounts/attributes.ts';
import type { AuthenticatorDefinition, Identification } from '../authenticator.ts';
import { diagnose } from './diagnose.ts';
import { findLogoutUrl } from './logout-url.ts';
import { oidcOptions, type OidcOptions } from './options.ts';
import type { Proved } from './prove.ts';
import { createProvider } from './provider.ts';
import { readIdentity } from './read-identity.ts';
import { OidcStrategy } from './strategy.ts';

/** People whom an OpenID Provider knows (OpenID Connect Core 1.0, the code flow). */
export const oidc: AuthenticatorDefinition<OidcOptions> = {
  name: 'oidc',
  options: oidcOptions,
  create(options, { name, callbackUrl, attributes, clock }) {
    checkAttributes(options, attributes);
    const { issuer, proves, provision } = options;
    const label = options.label ?? new URL(issuer).host;
    const provider = createProvider(options, clock);
    // Only what this strategy verified itself is identified: no look-alike.
    const verified = new WeakMap<object, Identification>();

    const identificationOf = ({ claims, userinfo, idToken }: Proved): Identification => ({
      kind: 'identity',
      identity: readIdentity({ issuer, subject: claims.sub }, [userinfo, claims], options, attributes),
      authTime: authTimeOf(claims.auth_time, options.freshWithoutAuthTime ? clock.now() : null),
      logoutHint: idToken,
    });

    const asUser = (proved: Proved): object => {
      const user = Object.freeze({ issuer, subject: proved.claims.sub });
      verified.set(user, identificationOf(proved));
      return user;
    };

    return {
      name,
      proves,
      strategy: new OidcStrategy({ options, label, provider, callbackUrl, clock, asUser }),
      identify: (user) =>
        Promise.resolve(
          (typeof user === 'object' && user !== null ? verified.get(user) : undefined) ?? {
            kind: 'none',
            reason: 'nothing that was verified',
          },
        ),
      redirect: {
        label,
        provision,
        logoutUrl: (logout) => findLogoutUrl(provider, logout),
      },
      diagnose: () => diagnose(options, label, provider),
    };
  },
};

const authTimeOf = (seconds: number | undefined, otherwise: number | null): number | null =>
  seconds === undefined ? otherwise : seconds * 1_000;

/** @throws OperatorError with every attribute that no account can have. */
function checkAttributes({ claims }: OidcOptions, declared: AttributeDeclarations): void {
  const faults = Object.keys(claims.attributes)
    .filter((attribute) => !Object.hasOwn(declared, attribute))
    .map(
      (attribute) =>
        `options.claims.attributes: ${attribute} is not declared. Declare it in the setting attributes, or leave it out.`,
    );
  if (faults.length > 0) throw new OperatorError(faults);
}
