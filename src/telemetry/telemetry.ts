import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Door } from '../authenticators/login.ts';
import type { Clock } from '../core/clock.ts';
import type { ObserveOperation } from '../graphql/observe-operation.ts';
import type { ObserveRequest } from '../http/observe-request.ts';
import type { DecisionTally } from '../policy/decision-tally.ts';
import type { ObservePolicyLoad, PolicyEngine } from '../policy/engine.ts';
import { createCounters } from './counters.ts';
import { addGauges, type WatchedParts } from './gauges.ts';
import { observeOperations, observePolicyLoads, observeRequests } from './observe.ts';
import { observeDoor } from './observe-door.ts';
import { addPolicyMetrics } from './policy-metrics.ts';
import { type MetricsReading, readMetrics } from './merge-readings.ts';
import { createTracing } from './tracing.ts';

/** What watches the rooms, and what came of it. One for each server. */
export interface Telemetry {
  readonly tally: DecisionTally;
  readonly observeRequest: ObserveRequest;
  readonly observeOperation: ObserveOperation;
  readonly observePolicyLoad: ObservePolicyLoad;
  /** The same door, watched. */
  watchDoor(door: Door, authenticators: ReadonlySet<string>): Door;
  /** From now on parts are asked how they are whenever the metrics are rendered. Once. */
  watchParts(
    parts: WatchedParts & { readonly policy: Pick<PolicyEngine, 'current' | 'status' | 'onChange'> },
  ): void;
  /** The metrics as Prometheus reads them. */
  readonly render: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** The same as values, to be merged with those of other workers. */
  readonly read: () => Promise<MetricsReading>;
}

export interface TelemetryNeeds {
  /** Whether the metrics of Node itself (event loop, memory, garbage) are collected too: that costs a little all the time. */
  readonly process: boolean;
  readonly clock: Clock;
}

export function createTelemetry({ process, clock }: TelemetryNeeds): Telemetry {
  const registry = new Registry();
  if (process) collectDefaultMetrics({ register: registry });
  const counters = createCounters(registry);
  const needs = { counters, tracing: createTracing(), clock };
  return {
    tally: counters.decisions,
    observeRequest: observeRequests(needs),
    observeOperation: observeOperations(needs),
    observePolicyLoad: observePolicyLoads(needs.tracing),
    watchDoor: (door, authenticators) => observeDoor(door, authenticators, needs),
    watchParts({ policy, ...parts }) {
      addPolicyMetrics(registry, policy, clock);
      addGauges(registry, parts);
    },
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    read: () => readMetrics(registry),
  };
}
