import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { HttpState, Step } from '../state.ts';

const longestPath = 300;

/** One record for each request when its answer is out. The path alone: a query string may hold a one-time link. */
export const accessLog =
  (log: Log, clock: Clock): Step =>
  async (ctx, next) => {
    const startedAt = clock.monotonic();
    const { requestId, address } = ctx.state;
    const { method, path, res } = ctx;
    res.once('close', () => {
      log.info(
        {
          event: 'http.request',
          requestId,
          method,
          path: path.slice(0, longestPath),
          status: res.statusCode,
          durationMs: Math.round(clock.monotonic() - startedAt),
          address,
          ...identityOf(ctx.state),
          ...(res.writableFinished ? {} : { cutOff: true }),
        },
        `${method} ${path.slice(0, longestPath)} ${res.statusCode}`,
      );
    });
    await next();
  };

/** Who and by which policy, where the request came that far. */
const identityOf = ({ principal, snapshot }: Partial<HttpState>): object => ({
  ...(principal?.kind === 'user' ? { userId: principal.id } : {}),
  ...(snapshot === undefined ? {} : { policyVersion: snapshot.version }),
});
