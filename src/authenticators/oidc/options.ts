import { z } from 'zod';
import { isLoopback } from '../../core/loopback.ts';
import { isAttributeName, isGroupName } from '../../core/names.ts';
import { Secret } from '../../core/secret.ts';

const says = (error: string) => ({ error });

/** OpenID Connect Discovery 1.0, section 3: an https URL without query and fragment, compared to the letter. */
const issuer = z
  .string(says('Write the address that the provider calls itself, such as https://accounts.example.com.'))
  .max(500, says('An issuer has at most 500 characters.'))
  .refine((value) => URL.canParse(value) && ['https:', 'http:'].includes(new URL(value).protocol), {
    error: 'Write the address that the provider calls itself, such as https://accounts.example.com.',
    abort: true,
  })
  .refine((value) => new URL(value).protocol === 'https:' || isLoopback(new URL(value)), {
    error: 'Write https. Only a provider on this machine (localhost) may be asked over http.',
  })
  .refine((value) => !/[?#]/.test(value) && new URL(value).username + new URL(value).password === '', {
    error: 'Write the issuer alone: no query, no fragment, no name or password.',
  })
  .refine((value) => !value.includes('/.well-known/'), {
    error: 'Write the issuer alone, without /.well-known/openid-configuration.',
  });

const claimName = z
  .string(says('Write the name of a claim.'))
  .min(1, says('Write the name of a claim.'))
  .max(200, says('The name of a claim has at most 200 characters.'));

const secret = z
  .union([z.string(), z.instanceof(Secret)], says('Write the secret that the provider gave you.'))
  .transform((value) => (value instanceof Secret ? value : new Secret(value)))
  .refine(
    (value) => value.reveal() !== '',
    says('The secret is empty. A public client sets clientAuthentication to none instead.'),
  );

const claims = z
  .strictObject({
    username: claimName.default('preferred_username').describe('Gives a new account its username.'),
    name: claimName.default('name').describe('What to call them.'),
    email: claimName.default('email').describe('Their e-mail address. It never links accounts.'),
    groups: z
      .strictObject({
        claim: claimName.default('groups').describe('A string, or an array of strings.'),
        map: z
          .record(
            z.string().min(1, says('Write a value of the claim.')),
            z.string().refine(isGroupName, {
              error:
                'A group is named in lower-case letters, digits and . _ -, without "group:": at most 64 characters.',
            }),
          )
          .describe('Values of the claim, and the group that each gives. Other values give nothing.'),
      })
      .optional()
      .describe('Groups that last as long as the claim says so. Left out: claims give none.'),
    attributes: z
      .record(
        z.string().refine(isAttributeName, {
          error: 'An attribute is named in letters, digits and _, a lower-case letter first.',
        }),
        claimName,
      )
      .default({})
      .describe('Declared attributes, and the claim that gives each.'),
  })
  .prefault({})
  .describe('Where the claims of an account are found.');

const proves = z
  .strictObject({
    amr: z
      .array(z.string().regex(/^[a-z0-9_.:-]{1,64}$/, says('Write methods of RFC 8176, such as mfa or hwk.')))
      .default([])
      .describe('Methods that the provider makes sure of (RFC 8176).'),
    aal: z
      .union([z.literal(1), z.literal(2), z.literal(3)], says('Write 1, 2 or 3.'))
      .default(1)
      .describe('The assurance level that the provider makes sure of (NIST SP 800-63B).'),
  })
  .prefault({})
  .describe('What a login there proves. You vouch for it: no claim is looked at.');

/** How a provider is set up. The issuer, and the client that was registered there, are all that is needed. */
export const oidcOptions = z
  .strictObject({
    issuer: issuer.describe('The provider, exactly as it calls itself.'),
    clientId: z
      .string(says('Write the client id that the provider gave you.'))
      .min(1, says('Write the client id that the provider gave you.'))
      .describe('The client that was registered there.'),
    clientSecret: secret
      .optional()
      .describe('Its secret. A public client has none, and says so: clientAuthentication none.'),
    clientAuthentication: z
      .enum(['client_secret_basic', 'client_secret_post', 'none'], {
        error: 'Write client_secret_basic, client_secret_post or none.',
      })
      .default('client_secret_basic')
      .describe('How the secret is sent; none for a public client, with PKCE alone.'),
    label: z
      .string()
      .min(1, says('Write what stands on the button after "Log in with".'))
      .max(60, says('A label has at most 60 characters.'))
      .optional()
      .describe('What stands on the button after "Log in with". Default: the host of the issuer.'),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, says('Write one scope, without spaces.')))
      .default(['openid', 'profile', 'email'])
      .describe('What to ask for. openid is always asked for.'),
    provision: z.boolean().default(true).describe('Whether a first login makes an account.'),
    proves,
    claims,
    userinfo: z
      .boolean()
      .default(true)
      .describe('Whether claims are also asked of the userinfo endpoint, where the provider has one.'),
    freshWithoutAuthTime: z
      .boolean()
      .default(false)
      .describe(
        'Whether a login counts as proved just now where the provider does not say when it was. Otherwise it is never fresh.',
      ),
    trustedHosts: z
      .array(z.string().regex(/^[a-z0-9.-]{1,253}$/, says('Write a host alone, such as idp.corp.example.')))
      .default([])
      .describe('Hosts of endpoints that may stand at private addresses although the issuer does not.'),
  })
  .superRefine(({ clientSecret, clientAuthentication }, context) => {
    if (clientAuthentication === 'none' && clientSecret !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['clientAuthentication'],
        message: 'A client with a secret uses it. Write client_secret_basic, or take the secret away.',
      });
    }
    // An unset variable must not turn a client with a secret into one without.
    if (clientAuthentication !== 'none' && clientSecret === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['clientSecret'],
        message: 'Write the secret that the provider gave you, or set clientAuthentication to none.',
      });
    }
  });

export type OidcOptions = z.output<typeof oidcOptions>;
