import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { defaultTableBytes } from '../../src/policy/build-snapshot.ts';
import type { PolicyEngine } from '../../src/policy/engine.ts';
import { addTableMetrics } from '../../src/telemetry/table-metrics.ts';
import { type Desk, setDesk } from '../policy/engine/desk.ts';
import { coordinates, environment, nothing, user } from '../policy/fixture.ts';
import { parseMetrics, sumOf } from './read-metrics.ts';

let desk: Desk;
let engine: PolicyEngine;
const registry = new Registry();
beforeEach(async () => {
  desk = setDesk('p, group:support, *, *, allow\n');
  engine = await desk.open();
  registry.clear();
  addTableMetrics(registry, engine);
});
afterEach(() => desk.clear());

const read = async () => {
  const samples = parseMetrics(await registry.metrics());
  return {
    tables: sumOf(samples, 'portcullis_permission_tables'),
    bytes: sumOf(samples, 'portcullis_permission_tables_bytes'),
    most: sumOf(samples, 'portcullis_permission_tables_max_bytes'),
    asked: sumOf(samples, 'portcullis_policy_questions_total'),
  };
};

const askEverything = (...groups: string[]): void => {
  const decisions = engine.current().decisionsFor(user('ann', { groups }), environment);
  for (const coordinate of coordinates) decisions.decide(coordinate, nothing);
};

test('tables are counted with what they take and may take, and what is remembered is not asked of Casbin again', async () => {
  expect(await read()).toEqual({ tables: 0, bytes: 0, most: defaultTableBytes, asked: 0 });
  askEverything('support');
  const one = await read();
  expect([one.tables, one.asked]).toEqual([1, coordinates.length]);
  expect(one.bytes).toBeGreaterThan(0);
  askEverything('support');
  expect(await read()).toEqual(one);
  askEverything();
  expect(await read()).toMatchObject({ tables: 2, asked: 2 * coordinates.length });
});

test('questions to Casbin are counted on through a change of the policy; tables are those of the policy that decides', async () => {
  askEverything('support');
  desk.write('more.csv', 'p, authenticated, *, *, allow\n');
  await engine.reload();
  expect(await read()).toMatchObject({ tables: 0, asked: coordinates.length });
  askEverything('support');
  expect(await read()).toMatchObject({ tables: 1, asked: 2 * coordinates.length });
});
