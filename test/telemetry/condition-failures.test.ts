import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import type { PolicyEngine } from '../../src/policy/engine.ts';
import { addPolicyMetrics } from '../../src/telemetry/policy-metrics.ts';
import { type Desk, setDesk } from '../policy/engine/desk.ts';
import { coordinates, environment, standingClock, user } from '../policy/fixture.ts';
import { parseMetrics, sumOf } from './read-metrics.ts';

let desk: Desk;
let engine: PolicyEngine;
const registry = new Registry();
beforeEach(async () => {
  desk = setDesk('p, authenticated, *, *, allow, "self(r.ctx)"\n');
  engine = await desk.open();
  registry.clear();
  addPolicyMetrics(registry, engine, standingClock());
});
afterEach(() => desk.clear());

const failures = async (effect: string): Promise<number> =>
  sumOf(parseMetrics(await registry.metrics()), 'portcullis_condition_failures_total', { effect });

/** A decision on an object that is not there: `self()` can't be told. */
const decideIn = (snapshot: ReturnType<PolicyEngine['current']>): void => {
  const [coordinate] = coordinates;
  snapshot.decisionsFor(user('ann'), environment).decide(coordinate!, { args: {}, object: null });
};

test('failed conditions are counted through a change of the policy, those of requests that began before it too', async () => {
  expect([await failures('allow'), await failures('deny')]).toEqual([0, 0]);
  decideIn(engine.current());
  decideIn(engine.current());
  expect(await failures('allow')).toBe(2);

  const before = engine.current();
  decideIn(before);
  desk.write('more.csv', 'p, authenticated, *, *, deny, "self(r.ctx)"\n');
  await engine.reload();
  expect(engine.current()).not.toBe(before);
  expect(await failures('allow')).toBe(3);
  // A request that is still at work with the snapshot it began with.
  decideIn(before);
  decideIn(engine.current());
  expect([await failures('allow'), await failures('deny')]).toEqual([5, 1]);
});
