import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DecisionReason } from '../policy/decision.ts';
import { type DecisionTally, newDecisionTally } from '../policy/decision-tally.ts';

/** What is counted as it happens. */
export interface Counters {
  /** Raised by the guard itself, and read when somebody asks: a metric's own counter is too slow for every field. */
  readonly decisions: DecisionTally;
  readonly requests: Histogram<'method' | 'route' | 'status'>;
  readonly requestsInProgress: Gauge;
  readonly operations: Histogram<'type'>;
  readonly operationErrors: Counter<'code'>;
  readonly logins: Counter<'authenticator' | 'outcome'>;
}

export function createCounters(registry: Registry): Counters {
  const registers = [registry];
  const decisions = newDecisionTally();
  new Counter({
    name: 'portcullis_decisions_total',
    help: 'Decisions that were acted upon, one for each field of each row, by effect and reason.',
    labelNames: ['effect', 'reason'],
    registers,
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(decisions) as [DecisionReason, number][]) {
        this.inc({ effect: reason === 'allowed' ? 'allow' : 'deny', reason }, count);
      }
    },
  });
  return {
    decisions,
    requests: new Histogram({
      name: 'portcullis_http_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer, by route. Streams of events are left out.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    requestsInProgress: new Gauge({
      name: 'portcullis_http_requests_in_progress',
      help: 'Requests that are being answered, streams of events too.',
      registers,
    }),
    operations: new Histogram({
      name: 'portcullis_graphql_operation_duration_seconds',
      help: 'Time that operations took which passed validation, by type; of a subscription, what began it.',
      labelNames: ['type'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    operationErrors: new Counter({
      name: 'portcullis_graphql_errors_total',
      help: 'Errors in answers of operations, by code. A denial is one for each field and code, whatever the number of rows.',
      labelNames: ['code'],
      registers,
    }),
    logins: new Counter({
      name: 'portcullis_logins_total',
      help: 'Logins that ended, by authenticator and outcome: succeeded, linked, refused, throttled, or failed on our side.',
      labelNames: ['authenticator', 'outcome'],
      registers,
    }),
  };
}
