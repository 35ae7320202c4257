import { buildEndSessionUrl } from 'openid-client';
import { logoutDeadlineMs } from './limits.ts';
import type { Provider } from './provider.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * Where a browser is logged out at the provider too (OpenID Connect RP-Initiated Logout 1.0, section 2). `null` where the
 * provider has no such place, or does not say so within a second: whoever logs out here does not wait for it.
 */
export async function findLogoutUrl(
  provider: Provider,
  { hint, returnTo }: { readonly hint: string | null; readonly returnTo: URL },
): Promise<URL | null> {
  const signal = AbortSignal.timeout(logoutDeadlineMs);
  try {
    const discovered = await untilAborted(signal, provider.discover());
    if (discovered.metadata.end_session_endpoint === undefined) return null;
    return buildEndSessionUrl(discovered.configure(signal), {
      post_logout_redirect_uri: returnTo.href,
      ...(hint === null ? {} : { id_token_hint: hint }),
    });
  } catch {
    return null;
  }
}
