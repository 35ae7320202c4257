import type { ObserveRequest } from '../observe-request.ts';
import type { HttpContext, Step } from '../state.ts';

const traceHeaders = ['traceparent', 'tracestate'];
const untraced: Readonly<Record<string, string>> = {};

/** Hands every request to whoever measures and traces them, and tells how it ended when its answer is out. */
export const observation =
  (observe: ObserveRequest): Step =>
  (ctx, next) => {
    const { method, path, res } = ctx;
    const watched = observe({
      requestId: ctx.state.requestId,
      method,
      path,
      trace: ctx.state.trustedPeer ? traceOf(ctx) : untraced,
    });
    res.once('close', () => {
      watched.end({
        route: routeOf(ctx),
        status: res.statusCode,
        cutOff: !res.writableFinished,
        stream: String(res.getHeader('content-type')).startsWith('text/event-stream'),
        refusal: ctx.state.refusal ?? null,
      });
    });
    return watched.run(next);
  };

/** Only a proxy of ours may say what trace a request belongs to: an outsider's would join and flood other people's. */
function traceOf(ctx: HttpContext): Record<string, string> {
  const given = traceHeaders.map((name) => [name, ctx.get(name)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

/** What the router matched: @koa/router leaves it on the context. */
function routeOf(ctx: HttpContext): string | null {
  const route: unknown = ctx['_matchedRoute'];
  return typeof route === 'string' ? route : null;
}
