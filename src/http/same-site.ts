import { PortcullisError } from '../core/errors.ts';
import type { HttpContext } from './state.ts';

/**
 * Refuses what another site's page sends: an Origin that is not ours (nor allowed), or a Sec-Fetch-Site that says so
 * (Fetch Metadata, section 2.2). Programs send neither, and carry no browser's cookies.
 * @throws CSRF_REJECTED
 */
export function checkSameSite(ctx: HttpContext, allowedOrigins: ReadonlySet<string>): void {
  const { origin = '', 'sec-fetch-site': site = '' } = ctx.req.headers;
  if (origin === '' && site === '') return;
  const originAllowed = allowedOrigins.has(origin);
  if (origin !== '' && !originAllowed) throw refusal(`Origin ${origin}`);
  if (!fromHere.has(site) && !originAllowed) throw refusal(`Sec-Fetch-Site ${site}`);
}

const fromHere: ReadonlySet<unknown> = new Set(['', 'same-origin', 'none']);
const refusal = (detail: string): PortcullisError => new PortcullisError('CSRF_REJECTED', { detail });
