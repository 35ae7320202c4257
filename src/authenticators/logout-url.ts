import { within } from './deadline.ts';
import type { LoginNeeds } from './login-needs.ts';
import { parseSentTo } from './redirect-outcome.ts';
import type { Redirecting } from './start-redirect.ts';

/** Somebody waits for their logout, which has happened already: it must not hang on a provider. */
const longestWait = 2_000;

/** Where a browser goes to be logged out there too; `null` for nowhere, or where nobody says in time. Never rejects. */
export async function findLogoutUrl(
  authenticator: Redirecting | undefined,
  logout: { readonly hint: string | null; readonly returnTo: URL },
  { deadlineMs, log }: Pick<LoginNeeds, 'deadlineMs' | 'log'>,
): Promise<URL | null> {
  const ask = authenticator?.redirect.logoutUrl;
  if (authenticator === undefined || ask === undefined) return null;
  try {
    const given = await within(Math.min(deadlineMs, longestWait), 'logoutUrl', () => ask(logout));
    if (given === null) return null;
    const url = parseSentTo(given);
    if (url === null) throw new Error('logoutUrl answered what is no https address');
    return url;
  } catch {
    // Not what it said: the address holds the hint.
    const fields = { event: 'logout.not-continued', authenticator: authenticator.name };
    log.warn(fields, 'An authenticator did not say where its logout goes on.');
    return null;
  }
}
