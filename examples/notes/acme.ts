import { randomBytes } from 'node:crypto';
import { OperatorError, type PortcullisConfig, type Started } from 'portcullis';
import { startProvider } from '../provider/provider.ts';
import { providerPassword, providerPeople } from '../provider/people.ts';

type AuthenticatorEntry = NonNullable<PortcullisConfig['authenticators']>[number];

const name = 'acme';
const clientId = 'portcullis';
/**
 * Made anew at each start: the provider starts with the server and knows no other client. Workers find in the environment
 * what was made before them: only one of them starts the provider.
 */
const clientSecret = (process.env['PROVIDER_CLIENT_SECRET'] ??= randomBytes(32).toString('base64url'));
const port = Number(process.env['PROVIDER_PORT'] ?? 4001);

/** Everything that Portcullis has to be told about a provider. */
export const acme: AuthenticatorEntry = {
  use: 'oidc',
  name,
  options: {
    issuer: `http://localhost:${port}`,
    clientId,
    clientSecret,
    label: 'Acme',
    scopes: ['openid', 'profile', 'email', 'groups'],
    claims: { groups: { claim: 'groups', map: { helpdesk: 'support' } } },
  },
};

/** Starts the provider beside the server. */
export const startAcme: Started = async ({ publicUrl }) => {
  try {
    await startProvider({
      port,
      client: {
        id: clientId,
        secret: clientSecret,
        redirectUris: [new URL(`/login/${name}/callback`, publicUrl).href],
        postLogoutRedirectUris: [new URL('/', publicUrl).href],
      },
    });
  } catch (error) {
    throw new OperatorError(
      `The demo's provider can't listen on port ${port}. Stop what listens there, or give another PROVIDER_PORT.`,
      error,
    );
  }
  process.stdout.write(
    `People to log in as with Acme: ${providerPeople.map(({ username }) => username).join(', ')}. ` +
      `Password: ${providerPassword}\n`,
  );
};
