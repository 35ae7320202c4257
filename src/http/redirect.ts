import type { HttpContext } from './state.ts';

/** Sends a browser on to a path of ours, which it asks for with GET (RFC 9110, section 15.4.4). */
export function redirect(ctx: HttpContext, path: string): void {
  ctx.redirect(path);
  ctx.status = 303;
}
