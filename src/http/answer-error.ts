import type { PortcullisError } from '../core/errors.ts';
import { graphqlPath, loginPath } from './paths.ts';
import { renderErrorPage } from './pages/error-page.ts';
import type { HttpContext } from './state.ts';

/**
 * Answers with a refusal: a page for somebody who looks at one, `errors` as GraphQL clients expect them, and
 * `{ error: { code, message, requestId } }` for everybody else. Nothing of the error but its public texts is in it. A page
 * offers to try again at `retryPath`.
 */
export function answerError(
  ctx: HttpContext,
  error: PortcullisError,
  retryPath = ctx.path === loginPath || ctx.path.startsWith(`${loginPath}/`) ? loginPath : null,
): void {
  const { requestId } = ctx.state;
  const { code, message, status } = error;
  // Koa wants the body before the status, or an empty status erases it.
  if (ctx.path === graphqlPath) {
    ctx.body = { errors: [{ message, extensions: { ...error.extensions, code, requestId } }] };
  } else if (wantsPage(ctx)) {
    ctx.body = renderErrorPage({ status, message, requestId, retryPath });
    ctx.type = 'html';
  } else {
    ctx.body = { error: { code, message, requestId } };
  }
  ctx.status = status;
  if (error.retryAfter !== undefined) ctx.set('retry-after', String(error.retryAfter));
}

/** Whether a browser is to show the answer. A program that takes anything gets JSON. */
export const wantsPage = (ctx: HttpContext): boolean => ctx.accepts(['json', 'html']) === 'html';
