import { renderSentOnPage, type SentOnPage } from './pages/sent-on-page.ts';
import type { HttpContext } from './state.ts';

/**
 * Sends a browser on to another site after a form of ours. Not by a redirect: browsers hold the whole chain of a form's
 * redirects to `form-action` (CSP 3, section 6.4.1), and our forms go to us alone.
 */
export function sendOn(ctx: HttpContext, page: SentOnPage): void {
  ctx.body = renderSentOnPage(page);
  ctx.type = 'html';
}
