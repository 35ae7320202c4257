import { PortcullisError } from '../core/errors.ts';
import type { HttpContext } from './state.ts';

/**
 * Refuses what another site's page sends: an Origin that is not ours (nor allowed), or a Sec-Fetch-Site that says so
 * (Fetch Metadata, section 2.2). Programs send neither, and carry no browser's cookies.
 * @throws CSRF_REJECTED
 */
export function checkSameSite(ctx: HttpContext, allowedOrigins: ReadonlySet<string>): void {
  const origin = ctx.get('origin');
  const site = ctx.get('sec-fetch-site');
  const originAllowed = allowedOrigins.has(origin);
  if (origin !== '' && !originAllowed) throw refusal(`Origin ${origin}`);
  if (!['', 'same-origin', 'none'].includes(site) && !originAllowed) throw refusal(`Sec-Fetch-Site ${site}`);
}

const refusal = (detail: string): PortcullisError => new PortcullisError('CSRF_REJECTED', { detail });
