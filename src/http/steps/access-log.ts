import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { HttpState, Step } from '../state.ts';

const longestPath = 300;

/** One record for each request when its answer is out. The path alone: a query string may hold a one-time link. */
export const accessLog =
  (log: Log, clock: Clock): Step =>
  (ctx, next) => {
    const startedAt = clock.monotonic();
    const { state, method, res } = ctx;
    const path = ctx.path.slice(0, longestPath);
    res.once('close', () => {
      const { statusCode: status } = res;
      log.info(
        recordOf({ state, method, path, status, startedAt, clock, whole: res.writableFinished }),
        `${method} ${path} ${status}`,
      );
    });
    return next();
  };

interface Ended {
  readonly state: Partial<HttpState>;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly startedAt: number;
  readonly clock: Clock;
  readonly whole: boolean;
}

/** With who it was and which policy decided, where the request came that far. */
function recordOf({ state, method, path, status, startedAt, clock, whole }: Ended): object {
  const { requestId, address, principal, snapshot } = state;
  const durationMs = Math.round(clock.monotonic() - startedAt);
  const record: Record<string, unknown> = {
    event: 'http.request',
    requestId,
    method,
    path,
    status,
    durationMs,
    address,
  };
  if (principal?.kind === 'user') record['userId'] = principal.id;
  if (snapshot !== undefined) record['policyVersion'] = snapshot.version;
  if (!whole) record['cutOff'] = true;
  return record;
}
