import type { Clock } from '../core/clock.ts';
import { errorCatalogue } from '../core/errors.ts';
import type { ObserveOperation } from '../graphql/observe-operation.ts';
import type { ObserveRequest } from '../http/observe-request.ts';
import type { ObservePolicyLoad } from '../policy/engine.ts';
import type { Counters } from './counters.ts';
import type { Tracing } from './tracing.ts';

export interface ObserverNeeds {
  readonly counters: Counters;
  readonly tracing: Tracing;
  readonly clock: Clock;
}

/** The methods that the server takes. Any other is somebody's own word. */
const methods = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);
const longestPath = 300;
const longestName = 100;

/** Names as OpenTelemetry's semantic conventions for HTTP have them. */
export const observeRequests =
  ({ counters, tracing, clock }: ObserverNeeds): ObserveRequest =>
  ({ requestId, method: given, path, trace }) => {
    const method = methods.has(given) ? given : '_OTHER';
    const startedAt = clock.monotonic();
    const span = tracing.beginRequest(
      {
        'http.request.method': method,
        'url.path': path.slice(0, longestPath),
        'portcullis.request_id': requestId,
      },
      trace,
    );
    counters.requestsInProgress.inc();
    return {
      run: (work) => span.run(work),
      end({ route, status, cutOff, stream, refusal }) {
        counters.requestsInProgress.dec();
        const labels = { method, route: route ?? 'none', status: cutOff ? 'cut-off' : String(status) };
        if (!stream) counters.requests.observe(labels, (clock.monotonic() - startedAt) / 1_000);
        span.set({ 'http.response.status_code': status, ...(route === null ? {} : { 'http.route': route }) });
        if (status >= 500) span.fail(refusal ?? String(status));
        else if (cutOff) span.fail('cut-off');
        span.end(route === null ? method : `${method} ${route}`);
      },
    };
  };

/** Errors on our side: the others are the caller's, and part of the daily work. */
const isOurs = (code: string): boolean =>
  code in errorCatalogue && errorCatalogue[code as keyof typeof errorCatalogue].status >= 500;

export const observeOperations =
  ({ counters, tracing, clock }: ObserverNeeds): ObserveOperation =>
  ({ type, name }, work) =>
    tracing.run(
      type,
      {
        'graphql.operation.type': type,
        ...(name === null ? {} : { 'graphql.operation.name': name.slice(0, longestName) }),
      },
      (span) => {
        const startedAt = clock.monotonic();
        const tellErrors = (codes: readonly string[]): void => {
          for (const code of codes)
            counters.operationErrors.inc({ code: code in errorCatalogue ? code : 'other' });
          const ours = codes.find(isOurs);
          if (ours !== undefined) span.fail(ours);
        };
        const end = (): void => {
          counters.operations.observe({ type }, (clock.monotonic() - startedAt) / 1_000);
        };
        return settleWith(end, () => work(tellErrors));
      },
    );

/** Runs work, and then what comes at its end, whether or not the work makes us wait. */
function settleWith<T>(end: () => void, work: () => T | Promise<T>): T | Promise<T> {
  let answer: T | Promise<T>;
  try {
    answer = work();
  } catch (error) {
    end();
    throw error;
  }
  if (answer instanceof Promise) return answer.finally(end);
  end();
  return answer;
}

export const observePolicyLoads =
  (tracing: Tracing): ObservePolicyLoad =>
  async (what, work) =>
    tracing.run('load policy', { 'portcullis.policy.part': what }, work);
